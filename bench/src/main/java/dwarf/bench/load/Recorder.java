package dwarf.bench.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
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
  private static final OpType[] TYPES = OpType.values();
  private static final VarHandle DONE;

  static {
    try {
      DONE = MethodHandles.lookup().findVarHandle(Recorder.class, "done", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** All there from the start, or the first one would cost its time. */
  private final Histogram[] latencies = new Histogram[TYPES.length];

  private long done;
  private long bytes;
  private long looked;
  private long found;
  private long startNanos;
  private long endNanos;

  Recorder() {
    Arrays.setAll(latencies, any -> new Histogram(LONGEST_NANOS, DIGITS));
  }

  void start(long nanos) {
    startNanos = nanos;
    endNanos = nanos;
  }

  /** Operations that were one call to the engine have ended. */
  void done(OpType type, int operations, long latencyNanos, long atNanos) {
    latencies[index(type)].recordValue(Math.clamp(latencyNanos, 0, LONGEST_NANOS));
    DONE.setOpaque(this, done + operations);
    endNanos = atNanos;
  }

  @SuppressWarnings("EnumOrdinal")
  private static int index(OpType type) {
    return type.ordinal();
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

  /** Of the types that were done. */
  Map<OpType, Histogram> latencies() {
    Map<OpType, Histogram> done = new EnumMap<>(OpType.class);
    for (OpType type : TYPES) {
      Histogram latency = latencies[index(type)];
      if (latency.getTotalCount() > 0) {
        done.put(type, latency);
      }
    }
    return done;
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
