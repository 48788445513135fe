package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.Patience;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fabric thread: polls the rings of its members while there is traffic, and for a while after;
 * then sleeps on their sockets. A socket byte wakes it for work, and the end of a socket tells at
 * once that a peer is gone.
 *
 * <p>Rejected: sleeping on a futex in shared memory. Waking by it saves the waker two microseconds
 * of the hundred that the sleeper takes, but a thread that sleeps there hears no socket, has one
 * word for many connections, and needs system call numbers for each processor.
 *
 * <p>T1. {@code asleep} is set, then members and tasks are looked at once more, with a full fence
 * between; who adds work does it in the other order. T2. Members belong to the thread alone; other
 * threads {@link #execute}. T3. It is awake at {@code wakesAt} at the latest, which is set far
 * ahead before members look for what is due; who adds something that will be due looks at it
 * afterwards.
 */
final class ShmLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ShmLoop.class);
  private static final int POLLS_PER_SELECT = 256;
  private static final long MOST_SLEEP_NANOS = 3_600_000_000_000L;

  /** What a loop drives; all methods are called on its thread. */
  interface Member {

    /** Does what there is to do without waiting; returns how much that was. */
    int poll();

    /** Announces the sleep; false if there is work, so that the loop must not sleep. */
    boolean prepareSleep();

    /** The socket has something to read, or has ended. */
    void onReadable();

    /** Does what time demands; returns when it next will, by {@link System#nanoTime}. */
    long onTimer(long now);

    /** One of the others threw, or the loop can go on no more: the member ends. */
    void failed(Throwable cause);
  }

  private final Selector selector;
  private final FabricThread thread;
  private final Patience patience; // the thread's
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<Member> members = new LinkedHashSet<>();
  private Member[] polled = {};
  private volatile boolean asleep;
  private volatile boolean stopped;
  private volatile boolean ended;
  private volatile long wakesAt = System.nanoTime();

  ShmLoop(String name, long spinNanos) {
    patience = new Patience(spinNanos);
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw DwarfException.io("cannot open a selector for shared memory", e);
    }
    thread = new FabricThread(this, name);
  }

  void start() {
    thread.start();
  }

  /** Runs the task on the thread, later; if that has ended, at once on the caller's. */
  void execute(Runnable task) {
    tasks.add(task);
    VarHandle.fullFence();
    if (ended) {
      runTasks();
    } else {
      wake();
    }
  }

  /** Wakes the thread if it sleeps. */
  void wake() {
    if (asleep) {
      selector.wakeup();
    }
  }

  /** Whether the thread sleeps or is about to; see T1. */
  boolean isAsleep() {
    return asleep;
  }

  /** Makes sure that {@link Member#onTimer} is called by then, or soon after. */
  void ensureAwakeBy(long nanoTime) {
    if (nanoTime - wakesAt < 0) {
      execute(() -> wakesAt = earlier(wakesAt, nanoTime));
    }
  }

  /** Adds a member and its socket; on the thread. */
  void add(Member member, SelectableChannel socket, int interest) throws IOException {
    socket.register(selector, interest, member);
    members.add(member);
    polled = members.toArray(Member[]::new);
    wakesAt = System.nanoTime();
  }

  /** Forgets a member, whose socket is closed by then; on the thread. */
  void remove(Member member) {
    members.remove(member);
    polled = members.toArray(Member[]::new);
  }

  /** Ends the thread; returns when it has ended, unless called on a fabric thread. */
  void stop() {
    stopped = true;
    VarHandle.fullFence();
    selector.wakeup();
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

  @Override
  public void run() {
    try {
      drive();
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("a thread of the shared memory fabric has failed", e);
      List.of(polled).forEach(member -> member.failed(e));
    } finally {
      ended = true;
      VarHandle.fullFence();
      runTasks();
      close();
    }
  }

  private void drive() throws IOException {
    long lastWork = System.nanoTime();
    int polls = 0;
    while (!stopped) {
      int work = runTasks();
      for (Member member : polled) {
        work += (int) guarded(member, Member::poll, 0);
      }
      if (++polls % POLLS_PER_SELECT == 0) {
        work += selector.selectNow(ShmLoop::ready);
      }
      long now = System.nanoTime();
      if (now - wakesAt >= 0) {
        runTimers(now);
      }
      if (work > 0) {
        lastWork = now;
      } else if (!patience.waits(now - lastWork)) {
        boolean woken = sleep(now);
        long then = System.nanoTime();
        patience.slept(then - now);
        if (woken) {
          lastWork = then;
        }
      }
    }
  }

  /** Returns whether it slept until there was something to do. */
  private boolean sleep(long now) throws IOException {
    asleep = true;
    try {
      boolean may = !stopped;
      for (Member member : polled) {
        may &= guarded(member, each -> each.prepareSleep() ? 1 : 0, 0) == 1;
      }
      VarHandle.fullFence();
      if (!may || !tasks.isEmpty() || stopped) {
        return true;
      }
      long millis = Math.max(1, Math.ceilDiv(wakesAt - now, 1_000_000L));
      return selector.select(ShmLoop::ready, millis) > 0 || !tasks.isEmpty();
    } finally {
      asleep = false;
    }
  }

  private static void ready(SelectionKey key) {
    guarded(
        (Member) key.attachment(),
        member -> {
          member.onReadable();
          return 0;
        },
        0);
  }

  /** What one member throws is its own end, and nobody else's. */
  private static long guarded(Member member, ToLongFunction<Member> action, long otherwise) {
    try {
      return action.applyAsLong(member);
    } catch (RuntimeException | Error e) {
      member.failed(e);
      return otherwise;
    }
  }

  private int runTasks() {
    int ran = 0;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a task of the shared memory fabric has failed", e);
      }
      ran++;
    }
    return ran;
  }

  private void runTimers(long now) {
    wakesAt = now + MOST_SLEEP_NANOS;
    for (Member member : List.of(polled)) {
      wakesAt = earlier(wakesAt, guarded(member, each -> each.onTimer(now), wakesAt));
    }
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  private void close() {
    try {
      selector.close();
    } catch (IOException e) {
      LOG.warn("closing a selector: {}", e.getMessage());
    }
  }
}
