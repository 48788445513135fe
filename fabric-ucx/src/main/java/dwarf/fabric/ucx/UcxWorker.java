package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * One UCX worker and the life of its endpoints: hands each message to the channel that it came by,
 * and keeps an endpoint that is being closed until UCX has let go of it. With the turn, except
 * {@link #context} and {@link #signal}.
 */
final class UcxWorker {

  private static final Logger LOG = LoggerFactory.getLogger(UcxWorker.class);
  private static final int AM_ID = 1;

  private final FabricCounters counters;
  private final Turn turn;
  private final UcpContext context;
  private final UcpWorker worker;
  private final Wakeup wakeup;
  private final Map<Long, Channel> channels = new HashMap<>();
  private final List<Channel> closing = new ArrayList<>();
  private final Object signalling = new Object();
  private volatile boolean ended; // set under signalling

  private UcxWorker(UcpContext context, UcpWorker worker, Turn turn, FabricCounters counters) {
    this.context = context;
    this.worker = worker;
    this.turn = turn;
    this.counters = counters;
    wakeup = new Wakeup(worker);
    worker.setAmRecvHandler(AM_ID, this::received, UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
  }

  /** NOT_SUPPORTED if UCX finds nothing to run on. */
  static UcxWorker open(
      UcxSettings settings, UcxSettings.Reach reach, Turn turn, FabricCounters counters) {
    UcpContext context;
    try {
      context = new UcpContext(settings.contextParams(reach));
    } catch (UcxException e) {
      throw cannotStart(settings, e);
    }
    UcpWorker worker = null;
    try {
      worker = context.newWorker(new UcpWorkerParams());
      return new UcxWorker(context, worker, turn, counters);
    } catch (UcxException e) {
      if (worker != null) {
        worker.close();
      }
      context.close();
      throw cannotStart(settings, e);
    }
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

  UcpContext context() {
    return context;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Opens an endpoint; a failure to connect is told to the user later. */
  Channel connect(InetSocketAddress address, Channel.User user) {
    return open(new UcpEndpointParams().setSocketAddress(address), user);
  }

  Channel accept(UcpConnectionRequest request, Channel.User user) {
    return open(new UcpEndpointParams().setConnectionRequest(request), user);
  }

  private Channel open(UcpEndpointParams params, Channel.User user) {
    checkRunning();
    Channel channel = new Channel(this, turn, user);
    params.setPeerErrorHandlingMode();
    params.setErrorHandler((endpoint, status, text) -> turn.defer(() -> user.failed(text)));
    UcpEndpoint endpoint = worker.newEndpoint(params);
    channel.opened(endpoint, AM_ID);
    channels.put(endpoint.getNativeId(), channel);
    turn.needThread();
    return channel;
  }

  UcpListener listen(InetSocketAddress address, Consumer<UcpConnectionRequest> accept) {
    checkRunning();
    return worker.newListener(
        new UcpListenerParams()
            .setSockAddr(address)
            .setConnectionHandler(request -> turn.defer(() -> accept.accept(request))));
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
    turn.needThread();
  }

  /** Lets UCX do what there is to do; returns whether anything was. */
  boolean progress() {
    if (ended) {
      return false;
    }
    boolean any = false;
    try {
      any = worker.progress() != 0;
    } catch (Exception e) {
      LOG.error("UCX failed to make progress", e);
    }
    turn.runDeferred();
    if (!closing.isEmpty()) {
      closing.removeIf(Channel::hasClosed);
    }
    return any;
  }

  boolean isClosing() {
    return !closing.isEmpty();
  }

  boolean hasEndpoints() {
    return !channels.isEmpty() || isClosing();
  }

  Wakeup wakeup() {
    return wakeup;
  }

  /** Ends the sleep of who waits for the worker's events; any thread. */
  void signal() {
    synchronized (signalling) {
      if (!ended) {
        worker.signal();
      }
    }
  }

  /** Closes the worker, and with it what it still has. */
  void end() {
    if (hasEndpoints()) {
      LOG.warn("UCX still held {} endpoints at the end", channels.size() + closing.size());
    }
    synchronized (signalling) {
      ended = true;
      worker.close();
      context.close();
    }
    closing.forEach(Channel::abandoned);
    List.copyOf(channels.values()).forEach(Channel::abandoned);
    closing.clear();
    channels.clear();
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
        turn.defer(() -> channel.user().failed(e.toString()));
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
}
