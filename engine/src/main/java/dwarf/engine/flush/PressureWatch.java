package dwarf.engine.flush;

import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.Backpressure;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.storage.SstStore;
import java.util.function.Supplier;

/**
 * Looks at what may hold writers back, on a thread of its own, and keeps the harshest verdict where
 * writers find it by reading a field. Memory is looked at fifty times a second, since in a tenth of
 * one writers can use up what was left of it; the SST tier, where each family is asked, ten times,
 * and then iterators that lie idle there are closed, too.
 */
public final class PressureWatch implements Backpressure, AutoCloseable {

  private static final long PERIOD_MILLIS = 20;
  private static final int ROUNDS_FOR_TIER = 5;

  private final Supplier<Verdict> memory;
  private final Supplier<Verdict> tier;
  private final SstStore store;
  private final Progress progress;
  private final Progress pause = new Progress();
  private final BackgroundLoop loop;
  private volatile Verdict verdict = Verdict.GO;

  /** Of the last look there; this and the number of rounds are the thread's own. */
  private Verdict ofTier = Verdict.GO;

  private int rounds;

  /** What is asked. */
  public record Causes(Supplier<Verdict> memory, Supplier<Verdict> tier) {}

  public PressureWatch(Causes causes, SstStore store, Progress progress, Health health) {
    this.memory = causes.memory;
    this.tier = causes.tier;
    this.store = store;
    this.progress = progress;
    this.loop = new BackgroundLoop("pressure-watch", health, this::round);
  }

  public void start() {
    loop.start();
  }

  private void round() throws InterruptedException {
    if (rounds++ % ROUNDS_FOR_TIER == 0) {
      lookAtTier();
      store.closeIdleCursors();
    }
    look();
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

  void lookAtTier() {
    ofTier = tier.get();
  }

  /** Looks at memory, decides, and tells who waits if that has become milder. */
  void look() {
    Verdict before = verdict;
    verdict = memory.get().harsher(ofTier);
    if (verdict.action().compareTo(before.action()) < 0) {
      progress.signal();
    }
  }
}
