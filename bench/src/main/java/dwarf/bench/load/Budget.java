package dwarf.bench.load;

import java.util.function.BooleanSupplier;

/**
 * How much longer one thread goes on: for a number of operations, or until a moment, or told. All
 * of them pass the same branches, since a warm-up goes by time and what is measured may go by
 * count: compiled code that has met one kind only would be thrown away at the first of another.
 */
final class Budget {

  /** Nobody is there any more when it comes. */
  private static final long NEVER_NANOS = Long.MAX_VALUE / 2;

  private final BooleanSupplier stopped;
  private final long deadline;
  private long left;

  private Budget(long operations, long deadline, BooleanSupplier stopped) {
    this.left = operations;
    this.deadline = deadline;
    this.stopped = stopped;
  }

  static Budget operations(long operations, BooleanSupplier stopped) {
    return new Budget(operations, System.nanoTime() + NEVER_NANOS, stopped);
  }

  static Budget until(long deadlineNanos, BooleanSupplier stopped) {
    return new Budget(Long.MAX_VALUE, deadlineNanos, stopped);
  }

  static Budget told(BooleanSupplier stopped) {
    return operations(Long.MAX_VALUE, stopped);
  }

  /** How many of {@code most} operations may begin; 0: it is over. */
  int take(int most, long nowNanos) {
    if (stopped.getAsBoolean() || nowNanos - deadline >= 0) {
      return 0;
    }
    int granted = (int) Math.min(most, left);
    left -= granted;
    return granted;
  }
}
