package dwarf.engine;

/** How a flush is done; RocksDB's names and defaults. */
public final class FlushOptions {

  private boolean waitForFlush = true;

  /** Returns only when the data is in the SST tier. Default true. */
  public FlushOptions setWaitForFlush(boolean value) {
    waitForFlush = value;
    return this;
  }

  public boolean waitForFlush() {
    return waitForFlush;
  }
}
