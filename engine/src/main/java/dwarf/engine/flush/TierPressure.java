package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.engine.commit.Backpressure.Action;
import dwarf.engine.commit.Backpressure.Verdict;
import dwarf.engine.stats.Counter;
import dwarf.storage.Family;
import dwarf.storage.SstStore;
import dwarf.storage.StallTriggers;
import java.util.function.Supplier;

/**
 * Back-pressure from the SST tier. Ingest passes every write stall of RocksDB by, so what RocksDB
 * would have held back is held back here, by the same properties and triggers; level-0 files count
 * per flush, since one flush of ours may leave several files side by side there.
 */
public final class TierPressure implements Supplier<Verdict> {

  private final SstStore store;
  private final int filesPerFlush;
  private final long delayedWriteRate;

  /**
   * @param filesPerFlush level-0 files that one flush may leave side by side
   * @param delayedWriteRate bytes per second while slowed down, RocksDB's delayed_write_rate
   */
  public TierPressure(SstStore store, int filesPerFlush, long delayedWriteRate) {
    this.store = store;
    this.filesPerFlush = filesPerFlush;
    this.delayedWriteRate = delayedWriteRate;
  }

  /** The harshest verdict of all families. */
  @Override
  public Verdict get() {
    return store.families().stream().map(this::ofLive).reduce(Verdict.GO, Verdict::harsher);
  }

  /** A family may be dropped between being listed and being asked. */
  private Verdict ofLive(Family family) {
    try {
      return of(family.id());
    } catch (DwarfException e) {
      if (store.families().stream().noneMatch(live -> live.id() == family.id())) {
        return Verdict.GO;
      }
      throw e;
    }
  }

  private Verdict of(int family) {
    StallTriggers triggers = store.stallTriggers(family);
    long files = level0Files(family) / filesPerFlush;
    long pending = store.numProperty(family, "rocksdb.estimate-pending-compaction-bytes");
    if (files >= triggers.level0Stop()) {
      return new Verdict(Action.STOP, Counter.STALL_L0_FILES, 0);
    }
    if (pending >= triggers.hardPendingCompactionBytes()) {
      return new Verdict(Action.STOP, Counter.STALL_COMPACTION, 0);
    }
    if (files >= triggers.level0Slowdown()) {
      return new Verdict(Action.SLOW, Counter.STALL_L0_FILES, delayedWriteRate);
    }
    if (pending >= triggers.softPendingCompactionBytes()) {
      return new Verdict(Action.SLOW, Counter.STALL_COMPACTION, delayedWriteRate);
    }
    return Verdict.GO;
  }

  /** RocksDB knows this property as text only. */
  private long level0Files(int family) {
    return Long.parseLong(store.property(family, "rocksdb.num-files-at-level0"));
  }
}
