package dwarf.engine.commit;

/**
 * Holds writes back to a number of bytes a second. What a write owes is added up, and nobody sleeps
 * before it comes to {@value #LEAST_SLEEP_NANOS} ns, as in RocksDB's write controller: a sleep of a
 * few microseconds takes a hundred, so with one for each small write the rate would be that of the
 * timer. Bytes are owed, not time, so that a rate holds for all that is owed as soon as it is
 * given. Owned by the commit leader.
 */
final class WriteDelay {

  static final long LEAST_SLEEP_NANOS = 1_000_000;

  /** A writer looks at the verdict again after so long. */
  static final long MOST_SLEEP_NANOS = 100_000_000;

  private double owedBytes;
  private long paidAt;

  WriteDelay(long nowNanos) {
    this.paidAt = nowNanos;
  }

  /** How long to sleep before so many bytes go in. */
  long nanosBefore(long bytes, long bytesPerSecond, long nowNanos) {
    double perNano = bytesPerSecond / 1e9;
    owedBytes = Math.max(0, owedBytes - (nowNanos - paidAt) * perNano) + bytes;
    paidAt = nowNanos;
    long wait = (long) (owedBytes / perNano);
    return wait < LEAST_SLEEP_NANOS ? 0 : Math.min(wait, MOST_SLEEP_NANOS);
  }
}
