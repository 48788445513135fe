package dwarf.fabric.ucx;

import dwarf.base.Checksums;
import dwarf.fabric.FabricAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpEndpointParams;
import org.openucx.jucx.ucp.UcpRequest;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;
import org.openucx.jucx.ucs.UcsConstants;

/** A connecting side that says what it is told to; one thread, which is also UCX's. */
final class RawUcxPeer implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** What came back: the head and, of an ERROR, the text. */
  record Answer(MessageHead head, String text) {}

  private final Arena arena = Arena.ofShared();
  private final List<Answer> answers = new ArrayList<>();
  private final UcpContext context =
      new UcpContext(UcxSettings.of("tcp", false).contextParams(UcxSettings.Reach.LOOPBACK));
  private final UcpWorker worker = context.newWorker(new UcpWorkerParams());
  private final UcpEndpoint endpoint;
  private boolean ended;

  RawUcxPeer(FabricAddress address) {
    worker.setAmRecvHandler(
        1,
        (head, headBytes, data, sender) -> {
          MemorySegment text =
              MemorySegment.ofAddress(data.getDataAddress()).reinterpret(data.getLength());
          MessageHead read =
              MessageHead.decode(MemorySegment.ofAddress(head).reinterpret(headBytes), 1 << 24);
          answers.add(new Answer(read, Link.text(text)));
          return UcsConstants.STATUS.UCS_OK;
        },
        UcpConstants.UCP_AM_FLAG_WHOLE_MSG);
    endpoint =
        worker.newEndpoint(
            new UcpEndpointParams()
                .setPeerErrorHandlingMode()
                .setErrorHandler((failed, status, text) -> ended = true)
                .setSocketAddress(new InetSocketAddress(address.host(), address.port())));
  }

  /** Sends head and payload as they are, eagerly as the transport does. */
  RawUcxPeer send(MemorySegment head, MemorySegment payload) {
    return send(head, payload, UcpConstants.UCP_AM_SEND_FLAG_EAGER);
  }

  RawUcxPeer send(MemorySegment head, MemorySegment payload, long how) {
    MemorySegment nativeHead = arena.allocate(Math.max(1, head.byteSize())).copyFrom(head);
    MemorySegment nativeData = arena.allocate(Math.max(1, payload.byteSize())).copyFrom(payload);
    boolean[] done = {false};
    var unused =
        endpoint.sendAmNonBlocking(
            1,
            nativeHead.address(),
            head.byteSize(),
            nativeData.address(),
            payload.byteSize(),
            UcpConstants.UCP_AM_SEND_FLAG_REPLY | how,
            new UcxCallback() {
              @Override
              public void onSuccess(UcpRequest request) {
                done[0] = true;
              }

              @Override
              public void onError(int status, String text) {
                done[0] = true;
              }
            });
    if (how == UcpConstants.UCP_AM_SEND_FLAG_EAGER) {
      progressUntil("sent", () -> done[0]);
    }
    return this;
  }

  /** Greets as a well-behaved peer does. */
  RawUcxPeer greet() {
    MemorySegment hello = hello();
    send(head(MessageType.HELLO, hello), hello);
    receive(MessageType.WELCOME);
    return this;
  }

  /** The next answer, which must be of that type. */
  Answer receive(MessageType type) {
    progressUntil("an answer", () -> !answers.isEmpty());
    Answer next = answers.removeFirst();
    if (next.head.type() != type) {
      throw new AssertionError("expected " + type + ", got " + next);
    }
    return next;
  }

  void untilEnd() {
    progressUntil("the other side has ended the connection", () -> ended);
  }

  static MemorySegment hello() {
    MemorySegment payload = MemorySegment.ofArray(new byte[Hello.BYTES]);
    payload.set(MessageHead.SHORT, 0, (short) 1);
    payload.set(MessageHead.SHORT, 2, (short) 1);
    payload.set(MessageHead.INT, 4, 1 << 16);
    payload.set(MessageHead.INT, 8, 10_000);
    return payload;
  }

  static MemorySegment head(MessageType type, MemorySegment payload) {
    return head(type, payload, null);
  }

  static MemorySegment head(MessageType type, MemorySegment payload, RemotePlace place) {
    MemorySegment head = MemorySegment.ofArray(new byte[MessageHead.bytes(type)]);
    int crc = Checksums.crc32c(payload);
    new MessageHead(type, 0, 7, (int) payload.byteSize(), crc, 0, place).encode(head);
    return head;
  }

  /** The head with one byte changed; sealed again, so that only this byte is wrong. */
  static MemorySegment patched(MemorySegment head, int at, int value) {
    head.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    MessageHead.seal(head);
    return head;
  }

  private void progressUntil(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      try {
        int unused = worker.progress();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("still not: " + what);
      }
    }
  }

  @Override
  public void close() {
    UcpRequest closing = endpoint.closeNonBlockingForce();
    progressUntil("closed", closing::isCompleted);
    worker.close();
    context.close();
    arena.close();
  }
}
