package dwarf.bench.load;

import java.util.function.BooleanSupplier;

/** How much longer one thread goes on: for a number of operations, or until a moment, or told. */
final class Budget {

  private final BooleanSupplier stopped;
  private final long deadline;
  private final boolean timed;
  private long left;

  private Budget(long operations, boolean timed, long deadline, BooleanSupplier stopped) {
    this.left = operations;
    this.timed = timed;
    this.deadline = deadline;
    this.stopped = stopped;
  }

  static Budget operations(long operations, BooleanSupplier stopped) {
    return new Budget(operations, false, 0, stopped);
  }

  static Budget until(long deadlineNanos, BooleanSupplier stopped) {
    return new Budget(Long.MAX_VALUE, true, deadlineNanos, stopped);
  }

  static Budget told(BooleanSupplier stopped) {
    return new Budget(Long.MAX_VALUE, false, 0, stopped);
  }

  /** How many of {@code most} operations may begin; 0: it is over. */
  int take(int most, long nowNanos) {
    if (stopped.getAsBoolean() || (timed && nowNanos - deadline >= 0)) {
      return 0;
    }
    int granted = (int) Math.min(most, left);
    left -= granted;
    return granted;
  }
}
