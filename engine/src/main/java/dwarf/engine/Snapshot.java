package dwarf.engine;

import dwarf.engine.view.PinnedView;

/**
 * A consistent state of the whole database at one moment, until it is released with {@link
 * DwarfDB#releaseSnapshot} or {@link #close()}. It holds up no write, however old it gets: what it
 * sees of flushed data it reads from SST files, which RocksDB's compaction keeps for it.
 */
public final class Snapshot implements AutoCloseable {

  private final DwarfDB db;
  private final PinnedView pinned;

  Snapshot(DwarfDB db, PinnedView pinned) {
    this.db = db;
    this.pinned = pinned;
  }

  /** Every write with this sequence number or a smaller one is seen. */
  public long getSequenceNumber() {
    return pinned.sequence();
  }

  PinnedView pinned() {
    return pinned;
  }

  @Override
  public void close() {
    db.releaseSnapshot(this);
  }
}
