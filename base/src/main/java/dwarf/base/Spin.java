package dwarf.base;

import java.time.Duration;

/**
 * How long to poll for something before sleeping, and when that pays. Waking a thread that sleeps
 * takes 70 to 100 us, more than most of what is waited for. But it only ever pays if another
 * processor can meanwhile do what is waited for: on a single one, or with a quota of at most one,
 * polling uses up the very time that the other side needs.
 */
public final class Spin {

  /** Before a thread sleeps that waits for requests or replies. */
  public static final Duration BEFORE_SLEEP = before(Runtime.getRuntime().availableProcessors());

  private static final long SLOW_YIELD_NANOS = 100_000;
  private static final int YIELDS_SKIPPED = 1000;

  /** How often to do without yielding from now on; a lost update does no harm. */
  private static volatile int skip;

  private Spin() {}

  /**
   * Lets other threads run, unless that has taken long lately; returns whether it did. For waits
   * that end soon unless who is waited for has been interrupted by the scheduler: then it needs
   * this processor. Not where something else wants it, such as a compiler or a flush, which would
   * keep it for milliseconds: who sleeps instead is preferred when it wakes. RocksDB's writers
   * decide in much the same way.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  public static boolean giveWay() {
    int skipped = skip;
    if (BEFORE_SLEEP.isZero() || skipped > 0) {
      skip = Math.max(0, skipped - 1);
      return false;
    }
    long start = System.nanoTime();
    Thread.yield();
    if (System.nanoTime() - start > SLOW_YIELD_NANOS) {
      skip = YIELDS_SKIPPED;
    }
    return true;
  }

  /** Between two looks at memory that another processor is about to write. */
  public static void pause() {
    Thread.onSpinWait();
  }

  /** With so many processors. */
  static Duration before(int processors) {
    return processors > 1 ? Duration.ofNanos(50_000) : Duration.ZERO;
  }
}
