package dwarf.fabric.ucx;

import dwarf.fabric.FabricCounters;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.Patience;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openucx.jucx.ucp.UcpContext;

/**
 * The UCX workers and the thread that drives them, when no caller does ({@link Helpers}).
 *
 * <p>P1. Whatever is done is done with the {@link Turn}. P2. The thread polls for a while after the
 * last event ({@link Patience}), then arms the workers and sleeps on their descriptors. It
 * announces that before it looks for actions a last time, and who adds an action looks at the
 * announcement after, so one of the two sees the other, and a signal costs a system call only if
 * somebody sleeps. What a caller does in its turn while the thread sleeps wakes it too if it needs
 * more than an event of a worker: a timer, an end, a message that UCX could not send at once. P3.
 * After {@link #stop} the thread goes on until UCX has let go of every endpoint, for a bounded
 * time; what is executed later runs on its caller and finds every connection ended.
 */
final class Progress {

  private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSING_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Turn turn;
  private final Workers workers;
  private final FabricThread thread = new FabricThread(this::run, "dwarf-fabric-ucx");
  private final Patience patience; // the thread's
  private final Helpers helpers;
  private volatile boolean sleeping;
  private volatile long stopAtNanos;
  private volatile boolean stopping;
  private volatile boolean mayEnd; // set with the turn
  private volatile long lastEventNanos = System.nanoTime(); // set with the turn

  private Progress(Turn turn, Workers workers, long spinNanos) {
    this.turn = turn;
    this.workers = workers;
    patience = new Patience(spinNanos);
    helpers = new Helpers(thread, spinNanos, this::step);
  }

  /** Starts a thread on workers of its own; NOT_SUPPORTED if UCX finds nothing to run on. */
  static Progress start(
      UcxSettings settings, UcxSettings.Reach reach, Duration spin, FabricCounters counters) {
    Turn turn = new Turn();
    Workers workers = Workers.open(settings, reach, turn, counters);
    Progress progress = new Progress(turn, workers, spin.toNanos());
    progress.thread.start();
    return progress;
  }

  UcpContext context() {
    return workers.context();
  }

  /** To be used with the turn only. */
  Workers workers() {
    return workers;
  }

  Helpers helpers() {
    return helpers;
  }

  /** Runs the action with the turn, now or soon; any thread. */
  void execute(Runnable action) {
    turn.submit(action);
    if (sleeping && turn.needsThread()) {
      wake();
    }
  }

  /** As {@link #execute}, but if the caller is about to poll, the action may wait for that. */
  void executeWhenPolling(Runnable action) {
    if (!helpers.isBackSoon()) {
      execute(action);
      return;
    }
    turn.add(action);
    if (sleeping) {
      wake();
    }
  }

  private void wake() {
    sleeping = false;
    workers.signal();
  }

  /** Runs the action, still in this turn, when UCX has returned. */
  void defer(Runnable action) {
    turn.defer(action);
  }

  /** Runs the action with the turn, after a delay; with the turn. */
  void later(long nanos, Runnable action) {
    turn.later(nanos, action);
  }

  /** Ends the thread when all endpoints have gone; waits for it unless called on it. */
  void stop() {
    stopAtNanos = System.nanoTime() + STOP_NANOS;
    stopping = true;
    wake();
    LockSupport.unpark(thread);
    if (FabricThread.isCurrent()) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!mayEnd) {
      if (!stopping && helpers.standBack()) {
        continue;
      }
      if (!step() && !patience.waits(System.nanoTime() - lastEventNanos)) {
        sleep();
      }
    }
    end();
  }

  /** Does what there is to do if the turn is free; returns whether anything was. */
  private boolean step() {
    if (!turn.tryTake()) {
      Helpers.giveWay();
      return false;
    }
    boolean any = takeStep();
    if (sleeping && turn.needsThread()) {
      wake();
    }
    return any;
  }

  private boolean takeStep() {
    try {
      long now = System.nanoTime();
      boolean any = turn.runActions();
      any |= workers.progress();
      turn.timers().runDue(now);
      turn.runDeferred();
      if (any) {
        lastEventNanos = now;
      }
      if (stopping) {
        mayEnd = !turn.hasActions() && (!workers.hasEndpoints() || now - stopAtNanos > 0);
      }
      return any;
    } finally {
      turn.giveBack();
    }
  }

  private void sleep() {
    if (!turn.tryTake()) {
      return;
    }
    Wakeup wakeup = null;
    int millis = 0;
    try {
      turn.threadIsHere();
      sleeping = true;
      wakeup = turn.hasActions() ? null : workers.arm();
      if (wakeup != null) {
        long most = workers.isClosing() ? CLOSING_SLEEP_NANOS : LONGEST_SLEEP_NANOS;
        millis = (int) TimeUnit.NANOSECONDS.toMillis(turn.timers().nanosLeft(most) + 999_999);
      }
    } finally {
      turn.giveBack();
    }
    if (wakeup != null) {
      long start = System.nanoTime();
      wakeup.await(millis);
      patience.slept(System.nanoTime() - start);
    }
    sleeping = false;
  }

  private void end() {
    while (!turn.tryTake()) {
      Helpers.giveWay();
    }
    try {
      workers.end();
      boolean unused = turn.runActions();
    } finally {
      turn.giveBack();
    }
  }
}
