package dwarf.fabric.ucx.plain;

import dwarf.base.Spin;
import dwarf.fabric.ucx.UcxLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.ucp.UcpAmRecvCallback;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpParams;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;

/** A worker on the loopback device that sends messages of one size. One thread. */
final class PlainWorker implements AutoCloseable {

  private static final int AM_ID = 1;
  private static final int POLLS_PER_YIELD = 8;
  private static final UcxCallback NOTHING = new UcxCallback();

  final UcpContext context;
  final UcpWorker worker;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment message;
  private int idlePolls;

  /** A worker over UCX's named transports that sends so many bytes each time. */
  PlainWorker(String transports, int messageBytes, UcpAmRecvCallback received) {
    UcxLibrary.require();
    message = arena.allocate(messageBytes, 64);
    UcpParams params = new UcpParams().requestAmFeature().requestRmaFeature();
    params.setConfig("TLS", transports);
    params.setConfig("NET_DEVICES", "lo");
    params.setConfig("MEMTYPE_CACHE", "n");
    context = new UcpContext(params);
    worker = context.newWorker(new UcpWorkerParams());
    worker.setAmRecvHandler(AM_ID, received, UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
  }

  void send(UcpEndpoint endpoint) {
    long flags = UcpConstants.UCP_AM_SEND_FLAG_REPLY | UcpConstants.UCP_AM_SEND_FLAG_EAGER;
    var unused =
        endpoint.sendAmNonBlocking(
            AM_ID, 0, 0, message.address(), message.byteSize(), flags, NOTHING);
  }

  /** Lets others run now and then: the peer may have been put on this very processor. */
  void poll() {
    try {
      if (worker.progress() == 0 && ++idlePolls % POLLS_PER_YIELD == 0) {
        boolean unused = Spin.giveWay();
      }
    } catch (Exception e) {
      throw new IllegalStateException("UCX failed to make progress", e);
    }
  }

  @Override
  public void close() {
    worker.close();
    context.close();
    arena.close();
  }
}
