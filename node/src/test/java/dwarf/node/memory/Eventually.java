package dwarf.node.memory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, with a deadline that only a failure reaches. */
final class Eventually {

  private static final long SECONDS = 20;

  private Eventually() {}

  static void holds(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
        throw new AssertionError("after " + SECONDS + " s still not: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
