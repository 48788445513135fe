package dwarf.fabric.ucx;

import dwarf.base.Spin;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.Patience;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Callers that poll for what they wait for, instead of sleeping until the thread wakes them: that
 * saves two wake-ups, which take longer than all the rest.
 *
 * <p>H1. One caller polls at a time, and the thread stands back meanwhile: two that poll would take
 * a processor from the peer, and each the turn from the other, worst of all when one is interrupted
 * that has it. H2. A caller whose operation is done is likely to come back with the next one; so
 * the thread stands back for {@link #BACK_SOON_NANOS} longer. H3. It is called at once if the
 * caller gives up, or if others sleep for what only the thread now brings about. Who begins to
 * sleep is counted before it looks whether anybody polls, and who stops polling looks at the count
 * afterwards, so one of the two calls the thread. H4. A virtual thread does not poll: it would keep
 * its carrier. H5. Who has several requests under way and polls now and then has what it starts in
 * between sent when it polls again, all at once ({@link #isBackSoon}). If it does not poll again,
 * the thread sends it at the end of {@link #BACK_SOON_NANOS}.
 */
final class Helpers {

  private static final long BACK_SOON_NANOS = 200_000;

  /** How often the thread looks after one that polls. */
  private static final long LOOK_NANOS = 1_000_000;

  /** How long what a caller starts may wait for it to poll again. */
  private static final long AGAIN_NANOS = 20_000;

  private static final long LONG_AGO = 0;

  private final long spinNanos;
  private final Thread thread;
  private final BooleanSupplier step;
  private final AtomicBoolean helping = new AtomicBoolean();
  private final AtomicInteger sleepers = new AtomicInteger();
  private volatile long leftNanos = LONG_AGO;
  private volatile boolean standingBack;

  /**
   * Nobody helps if {@code spinNanos} is 0.
   *
   * @param step makes progress if the turn is free; returns whether there was any
   */
  Helpers(Thread thread, long spinNanos, BooleanSupplier step) {
    this.thread = thread;
    this.spinNanos = spinNanos;
    this.step = step;
  }

  /** Polls until the future is done, if that happens soon, and no longer than told; any thread. */
  void help(Future<?> future, long mostNanos) {
    if (spinNanos == 0
        || future.isDone()
        || FabricThread.isCurrent()
        || Thread.currentThread().isVirtual()
        || !helping.compareAndSet(false, true)) {
      return;
    }
    try {
      poll(future, mostNanos);
    } finally {
      leftNanos = System.nanoTime();
      helping.set(false);
      if (!future.isDone() || sleepers.get() > 0) {
        callThread();
      }
    }
  }

  private void poll(Future<?> future, long mostNanos) {
    long start = System.nanoTime();
    long now = start;
    long eventNanos = start;
    Patience patience = Patience.ofCaller(spinNanos);
    while (!future.isDone() && now - start < mostNanos && !Thread.currentThread().isInterrupted()) {
      boolean any = step.getAsBoolean();
      now = System.nanoTime();
      if (any) {
        eventNanos = now;
      } else if (!patience.waits(now - eventNanos)) {
        break;
      }
    }
  }

  /** Whether the caller has a moment ago polled, or another one, and so is likely to poll again. */
  boolean isBackSoon() {
    long left = leftNanos;
    return left != LONG_AGO
        && System.nanoTime() - left < AGAIN_NANOS
        && !Thread.currentThread().isVirtual();
  }

  /** The caller is about to sleep until the thread, or who polls, wakes it. */
  void sleeps() {
    sleepers.incrementAndGet();
    if (!helping.get()) {
      callThread();
    }
  }

  void sleptEnough() {
    sleepers.decrementAndGet();
  }

  private void callThread() {
    leftNanos = LONG_AGO;
    if (standingBack) {
      LockSupport.unpark(thread);
    }
  }

  /** Parks the thread for a moment if a caller polls or has just done so, else returns false. */
  boolean standBack() {
    if (!helping.get() && leftNanos == LONG_AGO) {
      return false;
    }
    standingBack = true;
    try {
      long left = leftNanos;
      if (helping.get()) {
        LockSupport.parkNanos(LOOK_NANOS);
      } else if (left != LONG_AGO && System.nanoTime() - left < BACK_SOON_NANOS) {
        LockSupport.parkNanos(BACK_SOON_NANOS);
      } else {
        leftNanos = LONG_AGO;
      }
      return true;
    } finally {
      standingBack = false;
    }
  }

  /** Between two tries for the turn: who has it may have been interrupted by the scheduler. */
  static void giveWay() {
    if (!Spin.giveWay()) {
      Spin.pause();
    }
  }
}
