package dwarf.fabric.ucx.plain;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpListener;
import org.openucx.jucx.ucp.UcpListenerParams;
import org.openucx.jucx.ucp.UcpMemMapParams;
import org.openucx.jucx.ucp.UcpMemory;
import org.openucx.jucx.ucs.UcsConstants;

/** Answers every message, and has memory that peers write. One thread. */
public final class PlainServer implements AutoCloseable {

  private final PlainWorker plain;
  private final UcpMemory memory;
  private final UcpListener listener;
  private final List<UcpEndpoint> endpoints = new ArrayList<>(); // UCX holds them only weakly

  /**
   * Listens on a free port of the loopback address.
   *
   * @param transports as in {@code UCX_TLS}
   */
  public PlainServer(String transports, int replyBytes, int memoryBytes) {
    plain =
        new PlainWorker(
            transports,
            replyBytes,
            (head, headBytes, data, sender) -> {
              answer(sender);
              return UcsConstants.STATUS.UCS_OK;
            });
    memory = plain.context.memoryMap(new UcpMemMapParams().setLength(memoryBytes).allocate());
    listener =
        plain.worker.newListener(
            new UcpListenerParams()
                .setSockAddr(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setConnectionHandler(
                    request ->
                        endpoints.add(
                            plain.worker.newEndpoint(
                                new UcpEndpointParams()
                                    .setErrorHandler((left, status, text) -> {})
                                    .setConnectionRequest(request)))));
  }

  private void answer(UcpEndpoint sender) {
    plain.send(sender);
  }

  /** What a client needs to know: port, address of the memory, and its key. */
  public String address() {
    ByteBuffer key = memory.getRemoteKeyBuffer();
    byte[] bytes = new byte[key.remaining()];
    key.get(bytes);
    return listener.getAddress().getPort()
        + ":"
        + memory.getAddress()
        + ":"
        + HexFormat.of().formatHex(bytes);
  }

  /** Serves on the calling thread, polling without end. */
  public void serve(BooleanSupplier until) {
    while (!until.getAsBoolean()) {
      plain.poll();
    }
  }

  @Override
  public void close() {
    listener.close();
    endpoints.forEach(UcpEndpoint::close);
    memory.close();
    plain.close();
  }
}
