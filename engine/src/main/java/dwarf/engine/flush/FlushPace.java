package dwarf.engine.flush;

/**
 * How fast memtables are flushed, from which follows when the flush under way will make room: it is
 * expected to be as fast as those before it. Flushes of little say nothing, since most of their
 * time is what any flush takes.
 *
 * <p>Begun and ended by the flush thread; read by any.
 */
public final class FlushPace {

  static final long UNLIMITED = Long.MAX_VALUE;

  /** Of the newest flush against those before. */
  private static final double WEIGHT = 0.5;

  /**
   * The room is to last so many times longer than a flush: they vary, and what is written takes
   * more memory than its bytes. What is not used then is there for the next time.
   */
  private static final int PATIENCE = 2;

  /** What is taken to be left of a flush that takes even longer. */
  private static final double LEAST_LEFT = 0.25;

  /** Of the rate of flushes; slower than this, writers may as well wait. */
  private static final double LEAST_RATE = 1 / 64.0;

  /** Where there is little room, the next flush follows sooner. */
  private static final long BETWEEN_NANOS = 200_000_000;

  private record Job(long bytes, long startNanos) {}

  private final long leastBytes;

  /** Null while nothing is flushed that counts. */
  private volatile Job running;

  /** 0 before the first flush. */
  private volatile double bytesPerNano;

  /** Of the last flush that counts. */
  private volatile long endedAt;

  /**
   * @param leastBytes of a flush that counts
   */
  FlushPace(long leastBytes) {
    this.leastBytes = leastBytes;
  }

  void begin(long bytes, long nowNanos) {
    running = bytes < leastBytes ? null : new Job(bytes, nowNanos);
  }

  /** A flush that failed says nothing about how long one takes. */
  void end(boolean installed, long nowNanos) {
    Job ended = running;
    running = null;
    if (installed && ended != null) {
      endedAt = nowNanos;
      double measured = (double) ended.bytes / Math.max(1, nowNanos - ended.startNanos);
      double before = bytesPerNano;
      bytesPerNano = before == 0 ? measured : before + WEIGHT * (measured - before);
    }
  }

  /**
   * Bytes per second that writers may use so that the room certainly lasts until the flush under
   * way makes more; just after one, as fast as it was. {@link #UNLIMITED} when there has been none
   * for a moment, since it may be that only more writes start one, and before any has ended.
   */
  long writeRate(long room, long nowNanos) {
    double rate = bytesPerNano;
    Job job = running;
    if (rate == 0 || (job == null && nowNanos - endedAt >= BETWEEN_NANOS)) {
      return UNLIMITED;
    }
    return (long) Math.ceil(1e9 * rate * (job == null ? 1 : share(job, room, nowNanos)));
  }

  /** How fast writers may be compared with flushes. */
  private double share(Job job, long room, long nowNanos) {
    double flushed = bytesPerNano * (nowNanos - job.startNanos);
    double left = Math.max(PATIENCE * job.bytes - flushed, LEAST_LEFT * job.bytes);
    return Math.max(room / left, LEAST_RATE);
  }
}
