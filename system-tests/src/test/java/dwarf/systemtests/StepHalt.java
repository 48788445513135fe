package dwarf.systemtests;

import dwarf.base.StepListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the process, as kill -9 would, when a step is reached for the n-th time. */
final class StepHalt implements StepListener {

  static final String NEVER = "none";
  static final int EXIT = 137;

  private volatile Target target;

  private record Target(String step, AtomicInteger countdown) {}

  StepHalt(String step, int occurrence) {
    arm(step, occurrence);
  }

  /** From now on that step, counted from here. */
  void arm(String step, int occurrence) {
    target = new Target(step, new AtomicInteger(occurrence));
  }

  @Override
  public void reached(String reached) {
    Target armed = target;
    if (reached.equals(armed.step) && armed.countdown.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(EXIT);
    }
  }
}
