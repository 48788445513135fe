package dwarf.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does, with a deadline that only a broken build reaches. */
public final class Await {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final long POLL_NANOS = 1_000_000;

  private Await() {}

  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + DEADLINE + ": " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
