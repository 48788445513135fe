package dwarf.engine.commit;

import dwarf.wal.WalBatch;
import java.util.List;

/**
 * Each group is copied into the log's file before it is shown: RocksDB's default without its system
 * call. The lane is for everybody, but for few at a time: a turn is much shorter than a sleep.
 */
final class LogByMemory implements LaneLog {

  private final LaneCopy copy;

  LogByMemory(LaneCopy copy) {
    this.copy = copy;
  }

  @Override
  public boolean isForFew() {
    return true;
  }

  @Override
  public boolean takesBatches() {
    return true;
  }

  @Override
  public void beforeShown(long from, long end) {
    copy.append(from, end);
  }

  @Override
  public void beforeShown(long end, List<WalBatch> batches) {
    copy.append(end, batches);
  }
}
