package dwarf.fabric.ucx;

/**
 * How long the thread polls after the last event before it sleeps. To wake it takes longer than
 * most of what it waits for, and where each side sleeps while the other one wakes, neither ever
 * polls at the right time: both stay slow for as long as the traffic lasts. So a sleep that was cut
 * short by an event is taken as the advice to poll longer, and a long one as the advice not to. One
 * thread.
 */
final class Patience {

  private static final int MOST = 5;

  private final long leastNanos;
  private long nanos;

  Patience(long leastNanos) {
    this.leastNanos = leastNanos;
    nanos = leastNanos;
  }

  /** How long a caller polls, who loses more by sleeping: he also has to be woken. */
  static long ofCallers(long leastNanos) {
    return MOST * leastNanos;
  }

  boolean isAtEnd(long nanosSinceEvent) {
    return nanosSinceEvent >= nanos;
  }

  void slept(long sleptNanos) {
    nanos = sleptNanos < MOST * leastNanos ? MOST * leastNanos : leastNanos;
  }
}
