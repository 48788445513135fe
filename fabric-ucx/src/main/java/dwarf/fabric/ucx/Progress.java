package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.spi.FabricThread;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpAmData;
import org.openucx.jucx.ucp.UcpConnectionRequest;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpListener;
import org.openucx.jucx.ucp.UcpListenerParams;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;
import org.openucx.jucx.ucs.UcsConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UCX worker, the thread that drives it, and the callers that help.
 *
 * <p>P1. Everything of UCX and everything that belongs to a connection is touched only by who holds
 * the turn, a lock: mostly the thread, sometimes a caller. Actions for it come by {@link #execute}:
 * a caller that finds the turn free takes it and sends by itself, else the action waits in a queue,
 * and all that waits is done before anything new. How many wait is bounded by what bounds those who
 * hand them in: operations in flight, requests unanswered. P2. The thread polls for a while after
 * the last event, then arms the worker and sleeps on its descriptor. It announces that before it
 * looks at the queue a last time, and who adds to the queue looks at the announcement after, so one
 * of the two sees the other, and a signal costs a system call only if somebody sleeps. What a
 * caller does in its turn while the thread sleeps wakes it too if it needs more than an event of
 * the worker: a timer, an end, a message that UCX could not send at once. P3. What a callback of
 * UCX wants to do to an endpoint's life it does by {@link #defer}, when UCX has returned. P4. A
 * caller that waits for its operation polls for it instead of sleeping, {@link #help}, for no
 * longer than the thread would; that saves two wake-ups, which take longer than all the rest. One
 * helps at a time, and the thread stands back meanwhile: it looks again after {@link
 * #STAND_BACK_NANOS}, and is called back at once if the helper leaves operations behind. P5. After
 * {@link #stop} the thread goes on until UCX has let go of every endpoint, for a bounded time; what
 * is executed later runs on its caller and finds every connection ended.
 */
final class Progress {

  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final int AM_ID = 1;
  private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSING_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long STAND_BACK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final FabricCounters counters;
  private final long spinNanos;
  private final UcpContext context;
  private final UcpWorker worker;
  private final Wakeup wakeup;
  private final FabricThread thread;
  private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
  private final Timers timers = new Timers();
  private final Map<Long, Channel> channels = new HashMap<>();
  private final List<Channel> closing = new ArrayList<>();
  private final Object signalling = new Object();
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicBoolean helping = new AtomicBoolean();
  private volatile long helpedNanos = System.nanoTime() - STAND_BACK_NANOS;
  private volatile boolean needsThread; // set with the turn, reset by the thread
  private int operations; // with the turn
  private volatile boolean leftBehind;
  private volatile boolean sleeping;
  private volatile long stopAtNanos;
  private volatile boolean stopping;
  private volatile boolean ended; // set under signalling
  private volatile long lastEventNanos; // set with the turn

  private Progress(UcpContext context, UcpWorker worker, Duration spin, FabricCounters counters) {
    this.context = context;
    this.worker = worker;
    this.counters = counters;
    spinNanos = spin.toNanos();
    wakeup = new Wakeup(worker);
    thread = new FabricThread(this::run, "dwarf-fabric-ucx");
  }

  /** Starts a thread on a worker of its own; NOT_SUPPORTED if UCX finds nothing to run on. */
  static Progress start(
      UcxSettings settings, UcxSettings.Reach reach, Duration spin, FabricCounters counters) {
    UcpContext context;
    try {
      context = new UcpContext(settings.contextParams(reach));
    } catch (UcxException e) {
      throw cannotStart(settings, e);
    }
    UcpWorker worker = null;
    try {
      worker = context.newWorker(new UcpWorkerParams());
      Progress progress = new Progress(context, worker, spin, counters);
      worker.setAmRecvHandler(AM_ID, progress::received, UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
      progress.thread.start();
      return progress;
    } catch (UcxException e) {
      if (worker != null) {
        worker.close();
      }
      context.close();
      throw cannotStart(settings, e);
    }
  }

  UcpContext context() {
    return context;
  }

  private static DwarfException cannotStart(UcxSettings settings, UcxException e) {
    return new DwarfException(
        DwarfException.Kind.NOT_SUPPORTED,
        "UCX cannot start with "
            + settings
            + ": "
            + e.getMessage()
            + "; with UCX_LOG_LEVEL=info in the environment it says more",
        e);
  }

  /** Runs the action with the turn, now or soon; any thread. */
  void execute(Runnable action) {
    if (turn.isHeldByCurrentThread()) {
      guarded(action);
      return;
    }
    queue.add(action);
    if (turn.tryLock()) {
      driveOnce(this::runActions);
    }
    if (sleeping && (needsThread || !queue.isEmpty())) {
      wake();
    }
  }

  private void wake() {
    synchronized (signalling) {
      if (!ended) {
        sleeping = false;
        worker.signal();
      }
    }
  }

  /** Polls until the future is done, if that happens soon; any thread. */
  void help(Future<?> future) {
    if (spinNanos == 0
        || future.isDone()
        || FabricThread.isCurrent()
        || Thread.currentThread().isVirtual()
        || !helping.compareAndSet(false, true)) {
      return;
    }
    long start = System.nanoTime();
    long now = start;
    while (!future.isDone() && now - start < spinNanos && !ended) {
      helpedNanos = now;
      if (turn.tryLock()) {
        driveOnce(this::takeTurn);
      }
      now = System.nanoTime();
    }
    helping.set(false);
    if (leftBehind) {
      helpedNanos = now - STAND_BACK_NANOS;
      LockSupport.unpark(thread);
    }
  }

  /** Uses the turn that a caller has taken, and gives it back. */
  private void driveOnce(Runnable step) {
    FabricThread.beginDriving();
    try {
      step.run();
    } finally {
      FabricThread.endDriving();
      turn.unlock();
    }
  }

  /** An operation has begun or ended that somebody may wait for; with the turn. */
  void operations(int change) {
    operations += change;
    leftBehind = operations > 0;
  }

  /** Runs the action, still in this turn, when UCX has returned. */
  void defer(Runnable action) {
    deferred.add(action);
  }

  /** Runs the action with the turn, after a delay. */
  void later(long nanos, Runnable action) {
    timers.after(nanos, action);
    needsThread = true;
  }

  /** Something has begun that ends only if progress is made; with the turn. */
  void needsThread() {
    needsThread = true;
  }

  /** Opens an endpoint; a failure to connect is told to the user later. With the turn. */
  Channel connect(InetSocketAddress address, Channel.User user) {
    return open(new UcpEndpointParams().setSocketAddress(address), user);
  }

  Channel accept(UcpConnectionRequest request, Channel.User user) {
    return open(new UcpEndpointParams().setConnectionRequest(request), user);
  }

  private Channel open(UcpEndpointParams params, Channel.User user) {
    checkRunning();
    Channel channel = new Channel(this, user);
    params.setPeerErrorHandlingMode();
    params.setErrorHandler((endpoint, status, text) -> defer(() -> user.failed(text)));
    UcpEndpoint endpoint = worker.newEndpoint(params);
    channel.opened(endpoint, AM_ID);
    channels.put(endpoint.getNativeId(), channel);
    needsThread = true;
    return channel;
  }

  UcpListener listen(InetSocketAddress address, Consumer<UcpConnectionRequest> accept) {
    checkRunning();
    return worker.newListener(
        new UcpListenerParams()
            .setSockAddr(address)
            .setConnectionHandler(request -> defer(() -> accept.accept(request))));
  }

  private void checkRunning() {
    if (ended) {
      throw new UcxException("the fabric has been closed");
    }
  }

  /** From now on nothing arrives for the channel; it is told when UCX has let go of it. */
  void closing(Channel channel, long endpoint) {
    channels.remove(endpoint);
    closing.add(channel);
    needsThread = true;
  }

  /** Ends the thread when all endpoints have gone; waits for it unless called on it. */
  void stop() {
    stopAtNanos = System.nanoTime() + STOP_NANOS;
    stopping = true;
    wake();
    if (!FabricThread.isCurrent()) {
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
  }

  private void run() {
    lastEventNanos = System.nanoTime();
    boolean mayEnd = false;
    while (!mayEnd) {
      if (System.nanoTime() - helpedNanos < STAND_BACK_NANOS && !stopping) {
        LockSupport.parkNanos(STAND_BACK_NANOS);
        continue;
      }
      turn.lock();
      try {
        takeTurn();
        mayEnd = mayEnd();
      } finally {
        turn.unlock();
      }
      if (!mayEnd && System.nanoTime() - lastEventNanos >= spinNanos) {
        sleep();
      }
    }
    end();
  }

  private boolean mayEnd() {
    return stopping
        && queue.isEmpty()
        && ((channels.isEmpty() && closing.isEmpty()) || System.nanoTime() - stopAtNanos > 0);
  }

  /** Does what there is to do. */
  private void takeTurn() {
    boolean busy = runActions();
    busy |= !ended && progressWorker();
    runDeferred();
    timers.runDue();
    if (!closing.isEmpty()) {
      closing.removeIf(Channel::hasClosed);
    }
    if (busy) {
      lastEventNanos = System.nanoTime();
    }
  }

  private boolean runActions() {
    boolean any = false;
    for (Runnable action = queue.poll(); action != null; action = queue.poll()) {
      guarded(action);
      any = true;
    }
    runDeferred();
    return any;
  }

  private void runDeferred() {
    for (Runnable action = deferred.poll(); action != null; action = deferred.poll()) {
      guarded(action);
    }
  }

  private boolean progressWorker() {
    try {
      return worker.progress() != 0;
    } catch (Exception e) {
      LOG.error("UCX failed to make progress", e);
      return false;
    }
  }

  private void sleep() {
    int millis = 0;
    turn.lock();
    try {
      needsThread = false;
      sleeping = true;
      if (queue.isEmpty() && wakeup.arm()) {
        long most = closing.isEmpty() ? LONGEST_SLEEP_NANOS : CLOSING_SLEEP_NANOS;
        millis = (int) TimeUnit.NANOSECONDS.toMillis(timers.nanosLeft(most) + 999_999);
      }
    } finally {
      turn.unlock();
    }
    if (millis > 0) {
      wakeup.await(millis);
    }
    sleeping = false;
  }

  private void end() {
    if (!channels.isEmpty() || !closing.isEmpty()) {
      LOG.warn("UCX still held {} endpoints at the end", channels.size() + closing.size());
    }
    turn.lock();
    try {
      synchronized (signalling) {
        ended = true;
        worker.close();
        context.close();
      }
      closing.forEach(Channel::abandoned);
      List.copyOf(channels.values()).forEach(Channel::abandoned);
      closing.clear();
      channels.clear();
      runActions();
    } finally {
      turn.unlock();
    }
  }

  /** A message, for the channel that it came by. UCX must see no exception. */
  private int received(long head, long headBytes, UcpAmData data, UcpEndpoint sender) {
    Channel channel = sender == null ? null : channels.get(sender.getNativeId());
    if (channel == null) {
      counters.increment(FabricCounter.MALFORMED_FRAMES);
      LOG.warn("dropped a message of {} bytes of a peer that is not connected", data.getLength());
    } else {
      try {
        channel.user().received(memory(head, headBytes), payload(data));
      } catch (RuntimeException | Error e) {
        LOG.error("unexpected error on a message", e);
        defer(() -> channel.user().failed(e.toString()));
      }
    }
    return UcsConstants.STATUS.UCS_OK;
  }

  /** The payload, or null if the peer did not send it but offered it to be fetched. */
  private static MemorySegment payload(UcpAmData data) {
    return data.isDataValid() ? memory(data.getDataAddress(), data.getLength()) : null;
  }

  private static MemorySegment memory(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.error("unexpected error on the progress thread", e);
    }
  }
}
