package dwarf.engine.flush;

import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.Backpressure;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.storage.SstStore;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks ten times a second at what may hold writers back, on a thread of its own, and keeps the
 * harshest verdict where writers find it by reading a field. On the way it closes iterators of the
 * SST tier that lie idle.
 */
public final class PressureWatch implements Backpressure, AutoCloseable {

  private static final long PERIOD_MILLIS = 100;

  private final List<Supplier<Verdict>> causes;
  private final SstStore store;
  private final Progress progress;
  private final Progress pause = new Progress();
  private final BackgroundLoop loop;
  private volatile Verdict verdict = Verdict.GO;

  public PressureWatch(
      List<Supplier<Verdict>> causes, SstStore store, Progress progress, Health health) {
    this.causes = List.copyOf(causes);
    this.store = store;
    this.progress = progress;
    this.loop = new BackgroundLoop("pressure-watch", health, this::round);
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

  /** Asks all, and tells who waits if that has become milder. */
  void look() {
    Verdict before = verdict;
    verdict = causes.stream().map(Supplier::get).reduce(Verdict.GO, Verdict::harsher);
    if (verdict.action().compareTo(before.action()) < 0) {
      progress.signal();
    }
  }
}
