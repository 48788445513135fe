package dwarf.engine.commit;

import dwarf.base.Spin;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the writers inside a lane about as many as there are processors.
 *
 * <p>Idea: writers depend on each other, since their records are shown in order. When more of them
 * are inside than can run, those that run wait for those that do not, and each write becomes a
 * sleep. So few are let in, and who is running may come back at once, past those that sleep; they
 * get a turn after a while, since one of them watches.
 *
 * <p>E1. At most {@link #LIMIT} are inside. E2. One of those outside, the first in the queue,
 * watches: it looks again every {@link #NAP_NANOS}, goes in if there is room, and after a few looks
 * asks for the next place that is given up. The others sleep until they are the first. So nobody
 * who leaves has to wake anybody, and nobody is forgotten. E3. Who has been asked for its place
 * hands it over as it is: the number inside does not change.
 *
 * <p>Threading: any thread; each {@link #enter} is followed by one {@link #leave} of the same
 * thread.
 *
 * <p>Rejected: a fair semaphore, which makes each write a switch of threads; an unfair one, which
 * wakes a sleeper with each write although the place is taken again before that runs.
 */
final class LaneGate {

  private static final int LIMIT = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int SPINS = Spin.BEFORE_SLEEP.isZero() ? 0 : 100;
  private static final long NAP_NANOS = 50_000;

  /** Looks of the first in the queue before it asks for a place. */
  private static final int PATIENCE = 3;

  private final AtomicInteger inside = new AtomicInteger();
  private final ConcurrentLinkedQueue<Waiter> queue = new ConcurrentLinkedQueue<>();

  /** Who wants the next place that is given up; null: nobody. Taken by compare-and-set. */
  private final AtomicReference<Waiter> asking = new AtomicReference<>();

  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    volatile boolean admitted;
  }

  /** Waits for a place inside. */
  void enter() {
    if (!tryEnter()) {
      for (int i = 0; i < SPINS; i++) {
        Spin.pause();
        if (tryEnter()) {
          return;
        }
      }
      queueUp();
    }
  }

  /** Gives the place to who asks for it, or back. */
  void leave() {
    Waiter next = asking.get();
    if (next != null && asking.compareAndSet(next, null)) {
      next.admitted = true;
      LockSupport.unpark(next.thread);
    } else {
      inside.decrementAndGet();
    }
  }

  private boolean tryEnter() {
    int now = inside.get();
    return now < LIMIT && inside.compareAndSet(now, now + 1);
  }

  private void queueUp() {
    Waiter self = new Waiter();
    queue.add(self);
    boolean interrupted = false;
    while (queue.peek() != self) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    interrupted |= watch(self);
    queue.poll();
    Waiter first = queue.peek();
    if (first != null) {
      LockSupport.unpark(first.thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** As the first in the queue; returns whether the thread was interrupted meanwhile. */
  private boolean watch(Waiter self) {
    boolean interrupted = false;
    for (int looks = 0; !self.admitted; looks++) {
      if (looks == PATIENCE) {
        asking.set(self);
      }
      if (tryEnter()) {
        if (looks >= PATIENCE && !asking.compareAndSet(self, null)) {
          inside.decrementAndGet();
          awaitHandover(self);
        }
        return interrupted;
      }
      LockSupport.parkNanos(this, NAP_NANOS);
      interrupted |= Thread.interrupted();
    }
    return interrupted;
  }

  /** Somebody is handing its place over at this moment: with it there would be two. */
  private static void awaitHandover(Waiter self) {
    while (!self.admitted) {
      Spin.pause();
    }
  }
}
