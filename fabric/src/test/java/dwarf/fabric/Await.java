package dwarf.fabric;

import dwarf.base.DwarfException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting in tests: for a condition or a future, with a deadline that only a failure reaches. */
public final class Await {

  private static final long SECONDS = 15;

  private Await() {}

  /** Returns once the condition holds. */
  public static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
        throw new AssertionError("after " + SECONDS + " s still not: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** The future's result; its own exception if it failed. */
  public static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("future still open after " + SECONDS + " s", e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** The error a future has failed with. */
  public static DwarfException failureOf(CompletableFuture<?> future) {
    until("the future is done", future::isDone);
    if (!future.isCompletedExceptionally()) {
      throw new AssertionError("the future succeeded");
    }
    if (future.exceptionNow() instanceof DwarfException failure) {
      return failure;
    }
    throw new AssertionError("not a DwarfException", future.exceptionNow());
  }
}
