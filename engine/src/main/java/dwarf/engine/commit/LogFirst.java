package dwarf.engine.commit;

/**
 * Each group is handed to the operating system before it is shown, by a system call: RocksDB's
 * default where the log cannot be written by memory.
 *
 * <p>Every write here costs a system call, or a wait for somebody else's. Two writers overlap that
 * with filling their places. More of them only wait, and for that the {@link CommitQueue} is
 * better: its writers sleep, and are woken when theirs is done. So the lane ends when one has
 * waited for long. Batches of many records go to the queue, too: there they are logged as they are.
 */
final class LogFirst implements LaneLog {

  private final LaneCopy copy;
  private volatile boolean crowded;

  LogFirst(LaneCopy copy) {
    this.copy = copy;
  }

  @Override
  public void beforeShown(long from, long end) {
    copy.append(from, end);
  }

  @Override
  public void crowded() {
    crowded = true;
  }

  @Override
  public boolean suits(int records) {
    return records == 1 && !crowded;
  }
}
