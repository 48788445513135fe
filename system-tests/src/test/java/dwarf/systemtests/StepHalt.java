package dwarf.systemtests;

import dwarf.base.StepListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the process, as kill -9 would, when a step is reached for the n-th time. */
final class StepHalt implements StepListener {

  static final String NEVER = "none";
  static final int EXIT = 137;

  private final String step;
  private final AtomicInteger countdown;

  StepHalt(String step, int occurrence) {
    this.step = step;
    this.countdown = new AtomicInteger(occurrence);
  }

  @Override
  public void reached(String reached) {
    if (reached.equals(step) && countdown.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(EXIT);
    }
  }
}
