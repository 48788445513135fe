package dwarf.engine;

import dwarf.engine.commit.WriteFlags;

/** How one write is done; names, defaults and meanings are RocksDB's. */
public final class WriteOptions {

  /** Made when an option is set, so that a write makes nothing. */
  private WriteFlags flags = WriteFlags.DEFAULT;

  /** Returns only when the write is on stable storage. Default false: a power cut may lose it. */
  public WriteOptions setSync(boolean value) {
    flags = new WriteFlags(value, disableWAL(), noSlowdown());
    return this;
  }

  /** Skips the WAL: a crash of the process loses the write unless it was flushed. Default false. */
  public WriteOptions setDisableWAL(boolean value) {
    flags = new WriteFlags(sync(), value, noSlowdown());
    return this;
  }

  /** Fails as BUSY instead of waiting under back-pressure. Default false. */
  public WriteOptions setNoSlowdown(boolean value) {
    flags = new WriteFlags(sync(), disableWAL(), value);
    return this;
  }

  public boolean sync() {
    return flags.sync();
  }

  public boolean disableWAL() {
    return flags.disableWal();
  }

  public boolean noSlowdown() {
    return flags.noSlowdown();
  }

  WriteFlags flags() {
    WriteFlags wanted = flags;
    if (wanted.sync() && wanted.disableWal()) {
      throw dwarf.base.DwarfException.invalid(
          "sync and disableWAL exclude each other: there is no log to sync");
    }
    return wanted;
  }
}
