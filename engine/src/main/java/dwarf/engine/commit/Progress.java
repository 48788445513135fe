package dwarf.engine.commit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One condition for everything that background work does and others wait for: memory came back, a
 * memtable was frozen, shipped, flushed or lost. Waiters re-check their own predicate; a counter
 * makes sure that no signal between check and wait is missed.
 */
public final class Progress {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private long events;

  public void signal() {
    lock.lock();
    try {
      events++;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The number of events so far: take it before checking a predicate. */
  public long events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there has been an event after {@code seen}, at most so long. */
  public void await(long seen, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (events == seen && left > 0) {
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #await}, for a thread that must not give up; keeps the interrupt. */
  public void awaitUninterruptibly(long seen, long millis) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (events == seen && deadline - System.nanoTime() > 0) {
        try {
          moved.awaitNanos(deadline - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
