package dwarf.wal;

import java.util.Map;

/**
 * How to recover.
 *
 * @param flushedThrough the flush marker of every live column family, as read from the SST tier;
 *     recovery compares them with the log and refuses if records are in neither
 */
public record RecoveryOptions(RecoveryMode mode, Map<Integer, Long> flushedThrough) {

  public RecoveryOptions {
    flushedThrough = Map.copyOf(flushedThrough);
  }
}
