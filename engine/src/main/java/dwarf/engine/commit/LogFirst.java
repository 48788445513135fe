package dwarf.engine.commit;

/**
 * Each group is in the hands of the operating system before it is shown: RocksDB's default.
 *
 * <p>Where the log is written by memory that is a copy, and the lane is for everybody. Elsewhere
 * every write costs a system call, or a wait for somebody else's. Two writers overlap that with
 * filling their places. More of them only wait, and for that the {@link CommitQueue} is better: its
 * writers sleep, and are woken when theirs is done. So the lane ends then when one has waited for
 * long; and batches of many records go to the queue, too: there they are logged as they are.
 */
final class LogFirst implements LaneLog {

  private final LaneCopy copy;
  private final boolean inMemory;
  private volatile boolean crowded;

  LogFirst(LaneCopy copy, boolean inMemory) {
    this.copy = copy;
    this.inMemory = inMemory;
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
    return inMemory || (records == 1 && !crowded);
  }
}
