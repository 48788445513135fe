package dwarf.wal;

import dwarf.base.DwarfException;
import java.util.List;

/**
 * One commit group: batches of ascending sequences that are appended, checksummed and recovered
 * together, all or none. There may be gaps between them, left by writes that skipped the log.
 */
public record WalFrame(List<WalBatch> batches) {

  public WalFrame {
    if (batches.isEmpty()) {
      throw DwarfException.invalid("a log frame without batches");
    }
  }

  public static WalFrame of(WalBatch batch) {
    return new WalFrame(List.of(batch));
  }

  public long lastSequence() {
    return batches.get(batches.size() - 1).lastSequence();
  }
}
