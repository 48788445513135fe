package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.Backpressure;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.engine.stats.Counter;
import dwarf.storage.Family;
import dwarf.storage.SstStore;
import dwarf.storage.StallTriggers;

/**
 * Back-pressure from the SST tier, and from the memory before it. Ingest passes every write stall
 * of RocksDB by, so what RocksDB would have held back is held back here, by the same properties and
 * triggers; level-0 files count per flush, since one flush of ours may leave several files side by
 * side there.
 *
 * <p>Looks ten times a second on a thread of its own, which also closes idle iterators there; the
 * verdict is a field read for writers.
 */
public final class TierBackpressure implements Backpressure, AutoCloseable {

  private static final long PERIOD_MILLIS = 100;

  private final SstStore store;
  private final Progress progress;
  private final Backpressure memory;
  private final Limits limits;
  private final Progress pause = new Progress();
  private final BackgroundLoop loop;
  private volatile Verdict verdict = Verdict.GO;

  /**
   * What RocksDB's triggers are read by.
   *
   * @param filesPerFlush level-0 files that one flush may leave side by side
   * @param delayedWriteRate bytes per second while slowed down, RocksDB's delayed_write_rate
   */
  public record Limits(int filesPerFlush, long delayedWriteRate) {}

  public TierBackpressure(
      SstStore store, Backpressure memory, Progress progress, Health health, Limits limits) {
    this.store = store;
    this.memory = memory;
    this.progress = progress;
    this.limits = limits;
    this.loop = new BackgroundLoop("tier-watch", health, this::round);
  }

  public void start() {
    loop.start();
  }

  private void round() throws InterruptedException {
    look();
    store.closeIdleCursors();
    pause.await(pause.events(), PERIOD_MILLIS * 1_000_000);
  }

  @Override
  public void close() {
    loop.close();
  }

  @Override
  public Verdict verdict() {
    return verdict;
  }

  /** Looks at memory and every family and keeps the harshest verdict. */
  void look() {
    Verdict harshest = memory.verdict();
    for (Family family : store.families()) {
      harshest = harsher(harshest, ofLive(family));
    }
    boolean eased = harshest.action().compareTo(verdict.action()) < 0;
    verdict = harshest;
    if (eased) {
      progress.signal();
    }
  }

  private static Verdict harsher(Verdict one, Verdict other) {
    int order = one.action().compareTo(other.action());
    boolean isSlower = order == 0 && one.bytesPerSecond() < other.bytesPerSecond();
    return order > 0 || isSlower ? one : other;
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
    long files = level0Files(family) / limits.filesPerFlush;
    long pending = store.numProperty(family, "rocksdb.estimate-pending-compaction-bytes");
    if (files >= triggers.level0Stop()) {
      return new Verdict(Action.STOP, Counter.STALL_L0_FILES, 0);
    }
    if (pending >= triggers.hardPendingCompactionBytes()) {
      return new Verdict(Action.STOP, Counter.STALL_COMPACTION, 0);
    }
    if (files >= triggers.level0Slowdown()) {
      return new Verdict(Action.SLOW, Counter.STALL_L0_FILES, limits.delayedWriteRate);
    }
    if (pending >= triggers.softPendingCompactionBytes()) {
      return new Verdict(Action.SLOW, Counter.STALL_COMPACTION, limits.delayedWriteRate);
    }
    return Verdict.GO;
  }

  /** RocksDB knows this property as text only. */
  private long level0Files(int family) {
    return Long.parseLong(store.property(family, "rocksdb.num-files-at-level0"));
  }
}
