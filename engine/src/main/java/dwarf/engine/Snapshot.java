package dwarf.engine;

import dwarf.engine.view.PinnedView;

/**
 * A consistent state of the whole database at one moment, until it is released with {@link
 * DwarfDB#releaseSnapshot} or {@link #close()}. It keeps memtables it needs, in local or
 * disaggregated memory, from being freed.
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
