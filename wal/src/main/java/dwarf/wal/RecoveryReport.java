package dwarf.wal;

import java.util.List;
import java.util.Map;

/**
 * What recovery found.
 *
 * @param lastSequence the last one recovered from the log; 0 if there is none
 * @param highestSequence the highest one the log names, records that were dropped included; new
 *     writes must begin above it
 * @param frames how many commit groups were replayed
 * @param reloggedFrames how many of them were written anew, because nothing proved them durable
 * @param dropped what was left out, a torn tail included; empty for a whole log
 * @param flushedThrough the flush marker each family had when the newest segment began
 */
public record RecoveryReport(
    long lastSequence,
    long highestSequence,
    long frames,
    long reloggedFrames,
    List<DroppedRange> dropped,
    Map<Integer, Long> flushedThrough) {

  public RecoveryReport {
    dropped = List.copyOf(dropped);
    flushedThrough = Map.copyOf(flushedThrough);
  }
}
