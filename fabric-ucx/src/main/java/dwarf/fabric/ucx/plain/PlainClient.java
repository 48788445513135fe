package dwarf.fabric.ucx.plain;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpRemoteKey;
import org.openucx.jucx.ucp.UcpRequest;
import org.openucx.jucx.ucs.UcsConstants;

/** Asks, and writes the peer's memory. One thread, which polls while it waits. */
public final class PlainClient implements AutoCloseable {

  private static final int POLLS_PER_LOOK_AT_THE_CLOCK = 1024;

  private final PlainWorker plain;
  private final ArrayDeque<Polled> asked = new ArrayDeque<>();
  private final UcpEndpoint endpoint;
  private final UcpRemoteKey key;
  private final long remote;

  /** Connects to what {@link PlainServer#address} said. */
  public PlainClient(String transports, int requestBytes, String address) {
    plain =
        new PlainWorker(
            transports,
            requestBytes,
            (head, headBytes, data, sender) -> {
              answered();
              return UcsConstants.STATUS.UCS_OK;
            });
    String[] parts = address.split(":", -1);
    endpoint =
        plain.worker.newEndpoint(
            new UcpEndpointParams()
                .setSocketAddress(
                    new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(parts[0]))));
    remote = Long.parseLong(parts[1]);
    byte[] packed = HexFormat.of().parseHex(parts[2]);
    key = endpoint.unpackRemoteKey(ByteBuffer.allocateDirect(packed.length).put(packed).flip());
  }

  private void answered() {
    asked.remove().complete(null);
  }

  /** Ends with the answer; answers come in order. */
  public CompletableFuture<Void> request() {
    Polled future = new Polled();
    asked.add(future);
    plain.send(endpoint);
    return future;
  }

  /** Ends when the bytes are in the peer's memory. */
  public CompletableFuture<Void> put(MemorySegment bytes) {
    Polled future = new Polled();
    var unusedPut =
        endpoint.putNonBlocking(bytes.address(), bytes.byteSize(), remote, key, new UcxCallback());
    var unusedFlush =
        endpoint.flushNonBlocking(
            new UcxCallback() {
              @Override
              public void onSuccess(UcpRequest request) {
                future.complete(null);
              }

              @Override
              public void onError(int status, String text) {
                future.completeExceptionally(new UcxException(text));
              }
            });
    return future;
  }

  @Override
  public void close() {
    key.close();
    UcpRequest closing = endpoint.closeNonBlockingFlush();
    while (!closing.isCompleted()) {
      plain.poll();
    }
    plain.close();
  }

  /** Whoever waits for it polls. */
  private final class Polled extends CompletableFuture<Void> {

    @Override
    public Void get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      long start = System.nanoTime();
      for (int polls = 1; !isDone(); polls++) {
        plain.poll();
        if (polls % POLLS_PER_LOOK_AT_THE_CLOCK == 0
            && System.nanoTime() - start > unit.toNanos(timeout)) {
          throw new TimeoutException("UCX gave no answer");
        }
      }
      return super.get(timeout, unit);
    }
  }
}
