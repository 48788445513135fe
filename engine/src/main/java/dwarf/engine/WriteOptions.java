package dwarf.engine;

import dwarf.engine.commit.WriteFlags;

/** How one write is done; names, defaults and meanings are RocksDB's. */
public final class WriteOptions {

  private boolean sync;
  private boolean disableWal;
  private boolean noSlowdown;

  /** Returns only when the write is on stable storage. Default false: a power cut may lose it. */
  public WriteOptions setSync(boolean value) {
    sync = value;
    return this;
  }

  /** Skips the WAL: a crash of the process loses the write unless it was flushed. Default false. */
  public WriteOptions setDisableWAL(boolean value) {
    disableWal = value;
    return this;
  }

  /** Fails as BUSY instead of waiting under back-pressure. Default false. */
  public WriteOptions setNoSlowdown(boolean value) {
    noSlowdown = value;
    return this;
  }

  public boolean sync() {
    return sync;
  }

  public boolean disableWAL() {
    return disableWal;
  }

  public boolean noSlowdown() {
    return noSlowdown;
  }

  WriteFlags flags() {
    if (sync && disableWal) {
      throw dwarf.base.DwarfException.invalid(
          "sync and disableWAL exclude each other: there is no log to sync");
    }
    return new WriteFlags(sync, disableWal, noSlowdown);
  }
}
