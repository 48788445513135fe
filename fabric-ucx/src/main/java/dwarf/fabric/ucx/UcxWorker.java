package dwarf.fabric.ucx;

import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openucx.jucx.ucp.UcpAmData;
import org.openucx.jucx.ucp.UcpConnectionRequest;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpListener;
import org.openucx.jucx.ucp.UcpListenerParams;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucs.UcsConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UCX worker and the life of its endpoints: hands each message to the channel that it came by,
 * and keeps an endpoint that is being closed until UCX has let go of it. With the turn, except
 * {@link #signal}, which {@link Workers} guards.
 */
final class UcxWorker {

  private static final Logger LOG = LoggerFactory.getLogger(UcxWorker.class);
  private static final int AM_ID = 1;

  private final FabricCounters counters;
  private final Turn turn;
  private final UcpWorker worker;
  private final int eventDescriptor;
  private final Map<Long, Channel> channels = new HashMap<>();
  private final List<Channel> closing = new ArrayList<>();

  UcxWorker(UcpWorker worker, Turn turn, FabricCounters counters) {
    this.worker = worker;
    this.turn = turn;
    this.counters = counters;
    eventDescriptor = Wakeup.eventDescriptor(worker);
    worker.setAmRecvHandler(AM_ID, this::received, UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
  }

  /** Opens an endpoint; a failure to connect is told to the user later. */
  Channel connect(InetSocketAddress address, Channel.User user) {
    return open(new UcpEndpointParams().setSocketAddress(address), user);
  }

  Channel accept(UcpConnectionRequest request, Channel.User user) {
    return open(new UcpEndpointParams().setConnectionRequest(request), user);
  }

  private Channel open(UcpEndpointParams params, Channel.User user) {
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
    return worker.newListener(
        new UcpListenerParams()
            .setSockAddr(address)
            .setConnectionHandler(request -> turn.defer(() -> accept.accept(request))));
  }

  /** From now on nothing arrives for the channel; it is told when UCX has let go of it. */
  void closing(Channel channel, long endpoint) {
    channels.remove(endpoint);
    closing.add(channel);
    turn.needThread();
  }

  /** Lets UCX do what there is to do; returns whether anything was. */
  boolean progress() {
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

  /** Readable at an event once {@link #arm} has said that it is safe to sleep. */
  int eventDescriptor() {
    return eventDescriptor;
  }

  boolean arm() {
    return Wakeup.arm(worker);
  }

  /** Ends the sleep of who waits for events. */
  void signal() {
    worker.signal();
  }

  /** Closes the worker, and with it what it still has. */
  void end() {
    if (hasEndpoints()) {
      LOG.warn("UCX still held {} endpoints at the end", channels.size() + closing.size());
    }
    worker.close();
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
