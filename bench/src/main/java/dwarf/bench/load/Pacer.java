package dwarf.bench.load;

import dwarf.base.Clock;
import java.util.concurrent.locks.LockSupport;

/**
 * The schedule of one thread in a rate-limited run. Operation i is due at start + i times the
 * interval, whatever happened to those before it: a thread that was held up does the late ones
 * without pause, and their latencies count from when they were due. So a stall shows in the latency
 * of every operation that would have met it (the correction for coordinated omission), and the
 * average rate is kept. One thread.
 */
final class Pacer {

  /** Waits until a moment of the clock. */
  @FunctionalInterface
  interface Pause {

    /** A sleep may end that much late, which would count as latency of the engine. */
    long SLACK_NANOS = 100_000;

    /** Sleeps with the machine's clock, and stays awake shortly before the moment. */
    Pause SLEEP =
        due -> {
          for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > SLACK_NANOS) {
              LockSupport.parkNanos(left - SLACK_NANOS);
            } else {
              Thread.onSpinWait();
            }
          }
        };

    void until(long due);
  }

  private final Clock clock;
  private final Pause pause;
  private final long start;
  private final double interval;
  private long scheduled;

  /**
   * @param start when the first operation is due
   * @param interval nanoseconds from one operation to the next
   */
  Pacer(Clock clock, Pause pause, long start, double interval) {
    this.clock = clock;
    this.pause = pause;
    this.start = start;
    this.interval = interval;
  }

  /** The pacer of one of several threads, which take turns. */
  static Pacer shared(double opsPerSecond, int thread, int threads, long start) {
    double turn = 1e9 / opsPerSecond;
    return new Pacer(Clock.SYSTEM, Pause.SLEEP, start + Math.round(turn * thread), turn * threads);
  }

  /** Waits until the next operation is due; when that was. A batch counts as its operations. */
  long await(int operations) {
    long due = start + Math.round(scheduled * interval);
    scheduled += operations;
    if (due - clock.nanoTime() > 0) {
      pause.until(due);
    }
    return due;
  }
}
