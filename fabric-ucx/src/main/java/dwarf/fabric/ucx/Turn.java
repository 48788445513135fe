package dwarf.fabric.ucx;

import dwarf.fabric.spi.FabricThread;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to touch UCX and everything that belongs to a connection, and what waits for it.
 *
 * <p>T1. One thread has the turn at a time: mostly the one of {@link Progress}, else a caller, who
 * counts as a fabric thread meanwhile. Nobody waits for it asleep: who does not get it leaves an
 * action, and who has it does all that waits before anything new. T2. An action is added before the
 * turn is tried for, and who gives the turn back looks for actions afterwards ({@link #submit}); so
 * none is left behind while everybody is gone. T3. How many wait is bounded by what bounds those
 * who hand them in: operations in flight, requests unanswered. T4. What a callback of UCX wants to
 * do to an endpoint's life it does by {@link #defer}, when UCX has returned.
 */
final class Turn {

  private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentLinkedQueue<Runnable> actions = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
  private final Timers timers = new Timers();
  private volatile boolean needsThread; // set with the turn, reset by the thread

  boolean tryTake() {
    if (!lock.tryLock()) {
      return false;
    }
    if (!isThread()) {
      FabricThread.beginDriving();
    }
    return true;
  }

  void giveBack() {
    if (!isThread()) {
      FabricThread.endDriving();
    }
    lock.unlock();
  }

  private static boolean isThread() {
    return Thread.currentThread() instanceof FabricThread;
  }

  /** Leaves the action to who has the turn next, even if it is free. */
  void add(Runnable action) {
    actions.add(action);
  }

  /** Runs the action with the turn, now if that is free, else as soon as who has it can. */
  void submit(Runnable action) {
    if (lock.isHeldByCurrentThread()) {
      guarded(action);
      return;
    }
    actions.add(action);
    while (!actions.isEmpty() && tryTake()) {
      try {
        boolean unused = runActions();
      } finally {
        giveBack();
      }
    }
  }

  boolean hasActions() {
    return !actions.isEmpty();
  }

  /** Runs what waits; returns whether anything did. With the turn, as all below. */
  boolean runActions() {
    boolean any = false;
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      guarded(action);
      any = true;
    }
    runDeferred();
    return any;
  }

  /** Runs the action, still in this turn, when UCX has returned. */
  void defer(Runnable action) {
    deferred.add(action);
  }

  void runDeferred() {
    for (Runnable action = deferred.poll(); action != null; action = deferred.poll()) {
      guarded(action);
    }
  }

  /** Runs the action after a delay. */
  void later(long nanos, Runnable action) {
    timers.after(nanos, action);
    needsThread = true;
  }

  Timers timers() {
    return timers;
  }

  /** Something has begun that ends only if progress is made, without an event that tells so. */
  void needThread() {
    needsThread = true;
  }

  /** Whether what was done needs the thread soon; any thread. */
  boolean needsThread() {
    return needsThread || hasActions();
  }

  /** The thread has seen that it is needed. */
  void threadIsHere() {
    needsThread = false;
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.error("unexpected error on the progress thread", e);
    }
  }
}
