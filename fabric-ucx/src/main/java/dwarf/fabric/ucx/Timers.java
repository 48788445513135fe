package dwarf.fabric.ucx;

import java.util.PriorityQueue;

/** What is due later, earliest first; confined to the progress thread. */
final class Timers {

  private record Timer(long dueNanos, Runnable action) {}

  private final PriorityQueue<Timer> waiting =
      new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos - b.dueNanos));

  void after(long nanos, Runnable action) {
    waiting.add(new Timer(System.nanoTime() + nanos, action));
  }

  void runDue(long now) {
    while (!waiting.isEmpty() && waiting.peek().dueNanos - now <= 0) {
      waiting.remove().action().run();
    }
  }

  /** How long nothing is due, at most {@code most}. */
  long nanosLeft(long most) {
    return waiting.isEmpty()
        ? most
        : Math.clamp(waiting.peek().dueNanos - System.nanoTime(), 0, most);
  }
}
