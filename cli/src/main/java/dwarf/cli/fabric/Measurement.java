package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Does one operation over and over with so many in flight: first unmeasured, so that what is
 * measured is compiled, then measured.
 */
final class Measurement {

  static final int IN_FLIGHT = 8;

  /** If more are done, the last ones count for the median. */
  private static final int MOST_SAMPLES = 1 << 20;

  private static final long PATIENCE_SECONDS = 30;

  private final Clock clock = Clock.SYSTEM;
  private final long warmUpNanos;
  private final long nanos;
  private final long[] samples = new long[MOST_SAMPLES];

  /**
   * What came out.
   *
   * @param medianMicros from the call to its end, with the others in flight before it
   */
  record Result(double perSecond, double medianMicros) {

    ObjectNode into(ObjectNode results, String operation) {
      return results
          .putObject(operation)
          .put("perSecond", perSecond)
          .put("medianMicros", medianMicros);
    }
  }

  /** An operation that is complete when its future is. */
  @FunctionalInterface
  interface Operation extends Supplier<CompletableFuture<?>> {}

  Measurement(Times times) {
    warmUpNanos = (long) (times.warmUp * 1e9);
    nanos = (long) (times.seconds * 1e9);
  }

  Result of(int inFlight, Operation operation) {
    warmUp(inFlight, operation);
    return measure(inFlight, operation);
  }

  void warmUp(int inFlight, Operation operation) {
    var unused = run(inFlight, operation, warmUpNanos);
  }

  Result measure(int inFlight, Operation operation) {
    return run(inFlight, operation, nanos);
  }

  private record Started(CompletableFuture<?> future, long atNanos) {}

  private Result run(int inFlight, Operation operation, long howLong) {
    ArrayDeque<Started> underWay = new ArrayDeque<>();
    long start = clock.nanoTime();
    long now = start;
    int done = 0;
    while (now - start < howLong) {
      while (underWay.size() < inFlight) {
        long at = clock.nanoTime();
        underWay.add(new Started(operation.get(), at));
      }
      Started oldest = underWay.remove();
      await(oldest.future);
      now = clock.nanoTime();
      samples[done++ % MOST_SAMPLES] = now - oldest.atNanos;
    }
    underWay.forEach(left -> await(left.future));
    int kept = Math.min(done, MOST_SAMPLES);
    Arrays.sort(samples, 0, kept);
    return new Result(done / ((now - start) / 1e9), samples[kept / 2] / 1e3);
  }

  static void await(CompletableFuture<?> future) {
    try {
      future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new IllegalStateException("an operation that was measured did not end: " + e, e);
    }
  }
}
