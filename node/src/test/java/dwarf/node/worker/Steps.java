package dwarf.node.worker;

import dwarf.base.StepListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Records steps, lets a test wait for one, and can hold whoever takes a chosen step. */
final class Steps implements StepListener {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> taken = new ArrayList<>();
  private String held = "";

  @Override
  public void reached(String step) {
    lock.lock();
    try {
      taken.add(step);
      changed.signalAll();
      await(() -> !step.equals(held), "let go of " + step);
    } finally {
      lock.unlock();
    }
  }

  /** From now on whoever takes this step stays there. */
  void hold(String step) {
    lock.lock();
    try {
      held = step;
    } finally {
      lock.unlock();
    }
  }

  void letGo() {
    lock.lock();
    try {
      held = "";
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void await(String step, int times) {
    lock.lock();
    try {
      await(() -> count(step) >= times, step + " taken " + times + " times");
    } finally {
      lock.unlock();
    }
  }

  private int count(String step) {
    return (int) taken.stream().filter(step::equals).count();
  }

  private void await(BooleanSupplier condition, String what) {
    long left = PATIENCE_NANOS;
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new AssertionError("gave up waiting: " + what + "; steps so far: " + taken);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting: " + what, e);
    }
  }
}
