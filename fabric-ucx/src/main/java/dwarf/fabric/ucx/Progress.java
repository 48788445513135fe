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
import java.util.concurrent.TimeUnit;
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
 * One UCX worker and the one thread that drives it.
 *
 * <p>P1. Everything of UCX and everything that belongs to a connection is touched by that thread
 * only; others hand it actions by {@link #execute}. How many wait is bounded by what bounds those
 * who hand them in: operations in flight, requests unanswered. P2. The thread polls for a while
 * after the last event, then arms the worker and sleeps on its descriptor. It announces that before
 * it looks at the queue a last time, and who adds to the queue looks at the announcement after, so
 * one of the two sees the other, and a signal costs a system call only if somebody sleeps. P3. What
 * a callback of UCX wants to do to an endpoint's life it does by {@link #defer}, when UCX has
 * returned. P4. After {@link #stop} the thread goes on until UCX has let go of every endpoint, for
 * a bounded time; what is executed later runs on its caller, one at a time, and finds every
 * connection ended.
 */
final class Progress {

  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final int AM_ID = 1;
  private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSING_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

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
  private volatile boolean sleeping;
  private volatile long stopAtNanos;
  private volatile boolean stopping;
  private volatile boolean ended; // set under signalling
  private long lastEventNanos;

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

  /** Runs the action on the progress thread, soon; any thread. */
  void execute(Runnable action) {
    if (isCurrent()) {
      guarded(action);
      return;
    }
    queue.add(action);
    if (sleeping || ended) {
      wake();
    }
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  private void wake() {
    synchronized (signalling) {
      if (ended) {
        drain();
      } else {
        sleeping = false;
        worker.signal();
      }
    }
  }

  /** Runs the action on this thread when UCX has returned. */
  void defer(Runnable action) {
    deferred.add(action);
  }

  /** Runs the action on this thread after a delay. */
  void later(long nanos, Runnable action) {
    timers.after(nanos, action);
  }

  /** Opens an endpoint; a failure to connect is told to the user later. On this thread. */
  Channel connect(InetSocketAddress address, Channel.User user) {
    return open(new UcpEndpointParams().setSocketAddress(address), user);
  }

  Channel accept(UcpConnectionRequest request, Channel.User user) {
    return open(new UcpEndpointParams().setConnectionRequest(request), user);
  }

  private Channel open(UcpEndpointParams params, Channel.User user) {
    Channel channel = new Channel(this, user);
    params.setPeerErrorHandlingMode();
    params.setErrorHandler((endpoint, status, text) -> defer(() -> user.failed(text)));
    UcpEndpoint endpoint = worker.newEndpoint(params);
    channel.opened(endpoint, AM_ID);
    channels.put(endpoint.getNativeId(), channel);
    return channel;
  }

  UcpListener listen(InetSocketAddress address, Consumer<UcpConnectionRequest> accept) {
    return worker.newListener(
        new UcpListenerParams()
            .setSockAddr(address)
            .setConnectionHandler(request -> defer(() -> accept.accept(request))));
  }

  /** From now on nothing arrives for the channel; it is told when UCX has let go of it. */
  void closing(Channel channel, long endpoint) {
    channels.remove(endpoint);
    closing.add(channel);
  }

  /** Ends the thread when all endpoints have gone; waits for it unless called on it. */
  void stop() {
    stopAtNanos = System.nanoTime() + STOP_NANOS;
    stopping = true;
    execute(() -> {});
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
    while (!mayEnd()) {
      if (turn()) {
        lastEventNanos = System.nanoTime();
      } else if (System.nanoTime() - lastEventNanos >= spinNanos) {
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

  /** Does what there is to do; whether there was anything. */
  private boolean turn() {
    boolean busy = drain();
    busy |= progressWorker();
    for (Runnable action = deferred.poll(); action != null; action = deferred.poll()) {
      guarded(action);
    }
    timers.runDue();
    if (!closing.isEmpty()) {
      closing.removeIf(Channel::hasClosed);
    }
    return busy;
  }

  private boolean drain() {
    boolean any = false;
    for (Runnable action = queue.poll(); action != null; action = queue.poll()) {
      guarded(action);
      any = true;
    }
    return any;
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
    sleeping = true;
    if (queue.isEmpty() && wakeup.arm()) {
      long most = closing.isEmpty() ? LONGEST_SLEEP_NANOS : CLOSING_SLEEP_NANOS;
      long nanos = timers.nanosLeft(most);
      wakeup.await((int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }
    sleeping = false;
  }

  private void end() {
    if (!channels.isEmpty() || !closing.isEmpty()) {
      LOG.warn("UCX still held {} endpoints at the end", channels.size() + closing.size());
    }
    synchronized (signalling) {
      worker.close();
      context.close();
      ended = true;
      closing.forEach(Channel::abandoned);
      List.copyOf(channels.values()).forEach(Channel::abandoned);
      drain();
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
