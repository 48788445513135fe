package dwarf.cli.fabric;

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
 * measured is compiled, then measured, for the same time each.
 */
final class Measurement {

  private static final int MOST_SAMPLES = 1 << 20;
  private static final long PATIENCE_SECONDS = 30;

  private final Clock clock = Clock.SYSTEM;
  private final long nanos;

  /**
   * What came out.
   *
   * @param medianMicros from the call to its end, with the others in flight before it
   */
  record Result(double perSecond, double medianMicros) {}

  /** An operation that is complete when its future is. */
  @FunctionalInterface
  interface Operation extends Supplier<CompletableFuture<?>> {}

  Measurement(double seconds) {
    nanos = (long) (seconds * 1e9);
  }

  Result of(int inFlight, Operation operation) {
    run(inFlight, operation);
    return run(inFlight, operation);
  }

  private record Started(CompletableFuture<?> future, long atNanos) {}

  private Result run(int inFlight, Operation operation) {
    long[] samples = new long[MOST_SAMPLES];
    ArrayDeque<Started> underWay = new ArrayDeque<>();
    long start = clock.nanoTime();
    long now = start;
    int done = 0;
    while (now - start < nanos && done < MOST_SAMPLES) {
      while (underWay.size() < inFlight) {
        long at = clock.nanoTime();
        underWay.add(new Started(operation.get(), at));
      }
      Started oldest = underWay.remove();
      await(oldest.future);
      now = clock.nanoTime();
      samples[done++] = now - oldest.atNanos;
    }
    underWay.forEach(left -> await(left.future));
    Arrays.sort(samples, 0, done);
    return new Result(done / ((now - start) / 1e9), samples[done / 2] / 1e3);
  }

  private static void await(CompletableFuture<?> future) {
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
