package dwarf.bench.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one thread has done. Written by that thread alone; others may read {@link #progress} at any
 * time, and the rest once the thread has ended.
 */
final class Recorder {

  private static final long LONGEST_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  private static final VarHandle DONE;

  static {
    try {
      DONE = MethodHandles.lookup().findVarHandle(Recorder.class, "done", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Map<OpType, Histogram> latencies = new EnumMap<>(OpType.class);
  private long done;
  private long bytes;
  private long looked;
  private long found;
  private long startNanos;
  private long endNanos;

  void start(long nanos) {
    startNanos = nanos;
    endNanos = nanos;
  }

  /** Operations that were one call to the engine have ended. */
  void done(OpType type, int operations, long latencyNanos, long atNanos) {
    latencies
        .computeIfAbsent(type, absent -> new Histogram(LONGEST_NANOS, DIGITS))
        .recordValue(Math.clamp(latencyNanos, 0, LONGEST_NANOS));
    DONE.setOpaque(this, done + operations);
    endNanos = atNanos;
  }

  void bytes(long more) {
    bytes += more;
  }

  /** A key was looked for. */
  void looked(boolean wasFound) {
    looked++;
    found += wasFound ? 1 : 0;
  }

  /** Operations so far, for any thread. */
  long progress() {
    return (long) DONE.getOpaque(this);
  }

  Map<OpType, Histogram> latencies() {
    return latencies;
  }

  long operations() {
    return done;
  }

  long bytes() {
    return bytes;
  }

  long looked() {
    return looked;
  }

  long found() {
    return found;
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endNanos;
  }
}
