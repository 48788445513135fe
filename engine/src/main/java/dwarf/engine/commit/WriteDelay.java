package dwarf.engine.commit;

/**
 * Holds writes back to a number of bytes a second. What a write owes is added up, and nobody sleeps
 * before it comes to {@value #LEAST_SLEEP_NANOS} ns, as in RocksDB's write controller: a sleep of a
 * few microseconds takes a hundred, so with one for each small write the rate would be that of the
 * timer. Owned by the commit leader.
 */
final class WriteDelay {

  static final long LEAST_SLEEP_NANOS = 1_000_000;

  /** A writer looks at the verdict again after so long. */
  static final long MOST_SLEEP_NANOS = 100_000_000;

  /** When what has been let in so far would be done at the rate. */
  private long paidUntil;

  WriteDelay(long nowNanos) {
    this.paidUntil = nowNanos;
  }

  /** How long to sleep before so many bytes go in. */
  long nanosBefore(long bytes, long bytesPerSecond, long nowNanos) {
    if (paidUntil - nowNanos < 0) {
      paidUntil = nowNanos;
    }
    paidUntil += (long) (bytes * 1e9 / bytesPerSecond);
    long owed = paidUntil - nowNanos;
    return owed < LEAST_SLEEP_NANOS ? 0 : Math.min(owed, MOST_SLEEP_NANOS);
  }
}
