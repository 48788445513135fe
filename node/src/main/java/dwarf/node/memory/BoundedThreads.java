package dwarf.node.memory;

import dwarf.base.DwarfException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A few threads behind a bounded queue. After its last piece of work a thread polls the queue for a
 * short time before it sleeps: waking it costs more than most reads. Work that finds the queue full
 * is refused with BUSY.
 */
final class BoundedThreads implements AutoCloseable {

  private final String name;
  private final BlockingQueue<Runnable> queue;
  private final long spinNanos;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  BoundedThreads(String name, int count, int queueLength, Duration spin) {
    this.name = name;
    this.queue = new ArrayBlockingQueue<>(queueLength);
    this.spinNanos = spin.toNanos();
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::work));
    }
  }

  /**
   * Runs the work soon.
   *
   * @param work must not throw
   */
  void execute(Runnable work) {
    if (closed || !queue.offer(work)) {
      throw new DwarfException(
          DwarfException.Kind.BUSY,
          name
              + ": "
              + (closed ? "closing" : "the queue of " + queue.size() + " is full")
              + "; retry after a pause or read one-sided");
    }
  }

  int depth() {
    return queue.size();
  }

  /** Ends the threads after the work they are at; what is still queued is dropped. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      while (!closed) {
        Runnable next = spin();
        (next == null ? queue.take() : next).run();
      }
    } catch (InterruptedException end) {
      closed = true;
    }
  }

  private Runnable spin() {
    Runnable next = queue.poll();
    long start = System.nanoTime();
    while (next == null && !closed && System.nanoTime() - start < spinNanos) {
      Thread.onSpinWait();
      next = queue.poll();
    }
    return next;
  }
}
