package dwarf.fabric.spi;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time, in order, on whichever caller finds the queue idle. No thread of its
 * own, so no hand-over to pay for: an uncontended task runs at once on the caller. A task that
 * submits to its own queue does not recurse; the new task runs after it. The tasks waiting are
 * bounded by what bounds their submitters. Tasks must not throw and must not block.
 */
public final class SerialQueue {

  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  public void run(Runnable task) {
    tasks.add(task);
    if (waiting.getAndIncrement() != 0) {
      return;
    }
    FabricThread.beginDriving();
    try {
      do {
        tasks.remove().run();
      } while (waiting.decrementAndGet() != 0);
    } finally {
      FabricThread.endDriving();
    }
  }
}
