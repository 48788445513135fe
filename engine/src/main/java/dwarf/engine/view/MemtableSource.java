package dwarf.engine.view;

import dwarf.base.Invariants;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One memtable in one of its places: a log in local memory ({@link LogSource}) or shard images in
 * disaggregated memory ({@link DmSource}). When a memtable moves it gets a new source, and views
 * are rebuilt with it; the old source lives until the last view that names it is gone.
 *
 * <p>S1. A memtable covers the sequences [first, last] of its family, and the memtables of a family
 * form a chain without gap: first = last of the previous one + 1. S2. The memory behind a source is
 * given back exactly once, when the last view lets go. S3. Whoever moves, flushes or rebuilds a
 * memtable claims its source first, so no two of them work on one memtable at a time.
 */
public abstract sealed class MemtableSource permits LogSource, DmSource {

  private final MemtableId id;
  private final AtomicInteger views = new AtomicInteger();

  private final AtomicBoolean claimed = new AtomicBoolean();

  MemtableSource(MemtableId id) {
    this.id = id;
  }

  public MemtableId id() {
    return id;
  }

  /** The last sequence covered; {@link dwarf.base.Limits#MAX_SEQUENCE} while being written. */
  public abstract long lastSequence();

  /** Bytes of records, for sizing jobs. */
  public abstract long dataBytes();

  /** Whether some record here was written with disableWAL, so that the WAL cannot rebuild it. */
  public abstract boolean hasUnloggedRecords();

  /** Takes the exclusive right to move this memtable (S3); false if somebody else has it. */
  public boolean tryClaim() {
    return claimed.compareAndSet(false, true);
  }

  public void unclaim() {
    claimed.set(false);
  }

  public boolean isClaimed() {
    return claimed.get();
  }

  abstract void releaseMemory();

  /** The current view names this source no more; only snapshots and iterators may. */
  void outlived() {}

  boolean isRetained() {
    return views.get() > 0;
  }

  void retain() {
    views.incrementAndGet();
  }

  void release() {
    int left = views.decrementAndGet();
    Invariants.check(left >= 0, "S2: a source is released as often as it is retained");
    if (left == 0) {
      releaseMemory();
    }
  }
}
