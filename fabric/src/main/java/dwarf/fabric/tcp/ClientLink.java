package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.spi.CloseHook;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The connecting end: gives every frame an id, matches answers, watches deadlines, and feeds
 * transfers to the socket chunk by chunk, in turn, while it takes them.
 *
 * <p>Deadlines are watched by one sweep per {@link #SWEEP_MILLIS} and only while something is under
 * way: a timer per operation would cost more than the precision is worth.
 */
final class ClientLink extends Link {

  private static final long SWEEP_MILLIS = 10;

  /** Chunks under way per connection: enough to cover the round trip, few enough to share. */
  private static final int CHUNKS_AHEAD = 8;

  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CloseHook closeHook = new CloseHook();
  private final LongObjectHashMap<ClientOperation> pending = new LongObjectHashMap<>();
  private final ArrayDeque<Transfer> waiting = new ArrayDeque<>();
  private final Set<Transfer> transfers = new LinkedHashSet<>();
  private long lastId;
  private int chunksUnderWay;
  private boolean issuing;
  private boolean sweeping;
  private int chunkBytes;
  private volatile int maxRequestBytes;

  ClientLink(FabricOptions options, FabricCounters counters) {
    super(options, counters);
  }

  /** Completes with the handshake, or exceptionally if it fails. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  CloseHook closeHook() {
    return closeHook;
  }

  /** The largest message both sides accept; known after the handshake. */
  int maxRequestBytes() {
    return maxRequestBytes;
  }

  int chunkBytes() {
    return chunkBytes;
  }

  ByteBufAllocator alloc() {
    return channel().alloc();
  }

  @Override
  protected FrameType expectedGreeting() {
    return FrameType.WELCOME;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    super.channelActive(context);
    write(Hello.of(options).frame(alloc(), FrameType.HELLO));
    flush();
  }

  @Override
  protected void onGreeted(Hello server) {
    maxRequestBytes = Math.min(options.maxFrameBytes(), server.maxFrameBytes());
    chunkBytes = Math.min(options.chunkBytes(), maxRequestBytes);
    ready.complete(null);
  }

  /** Sends a request, or releases its frame and fails it; on the loop. */
  void start(RequestOperation request, ByteBuf frame) {
    if (endReason() != null) {
      frame.release();
      request.fail(endReason());
      return;
    }
    long id = ++lastId;
    Frames.setId(frame, id);
    pending.put(id, request);
    write(frame);
    watchDeadlines();
  }

  /** Begins a transfer, or fails it; on the loop. */
  void start(Transfer transfer) {
    if (endReason() != null) {
      transfer.fail(endReason());
      return;
    }
    transfers.add(transfer);
    waiting.add(transfer);
    watchDeadlines();
    issueChunks();
  }

  /** Sends one frame of a transfer and expects its answer. */
  void send(Transfer.Chunk chunk, ClientOperation.FrameMaker frame) {
    long id = ++lastId;
    pending.put(id, chunk);
    chunksUnderWay++;
    write(frame.make(id));
  }

  /** Sends the data that belongs to the frame just sent; tells when it has left or never will. */
  void sendData(ByteBuf data, Runnable left) {
    channel().write(data).addListener(sent -> left.run());
    written();
  }

  private void issueChunks() {
    if (issuing) {
      return;
    }
    issuing = true;
    try {
      while (!waiting.isEmpty() && mayIssue()) {
        Transfer next = waiting.remove();
        if (next.hasMore()) {
          next.issue(this);
        }
        if (next.hasMore()) {
          waiting.add(next);
        }
        if (!channel().isWritable()) {
          flush();
        }
      }
    } finally {
      issuing = false;
    }
  }

  private boolean mayIssue() {
    return endReason() == null && chunksUnderWay < CHUNKS_AHEAD && channel().isWritable();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    super.channelWritabilityChanged(context);
    issueChunks();
    flush();
  }

  @Override
  protected FrameSink onFrame(FrameHeader header) {
    if (header.type() != FrameType.REPLY && header.type() != FrameType.ERROR) {
      throw FrameHeader.malformed(header.type() + " sent to the connecting side");
    }
    ClientOperation operation = pending.get(header.id());
    if (operation == null) {
      counters.increment(FabricCounter.LATE_REPLIES);
      return FrameSink.discard(() -> {});
    }
    FrameSink sink =
        header.type() == FrameType.REPLY
            ? operation.answer(header.length())
            : new CollectSink(
                header.length(), text -> operation.fail(asError(header.code(), text)));
    return new WhilePending(header.id(), operation, sink);
  }

  private static DwarfException asError(int code, byte[] text) {
    return new DwarfException(Kind.fromCode(code), new String(text, StandardCharsets.UTF_8));
  }

  private void forget(long id, ClientOperation operation) {
    pending.remove(id);
    if (operation instanceof Transfer.Chunk) {
      chunksUnderWay--;
    }
  }

  private void watchDeadlines() {
    if (!sweeping) {
      sweeping = true;
      later(SWEEP_MILLIS, TimeUnit.MILLISECONDS, this::sweep);
    }
  }

  private void sweep() {
    sweeping = false;
    long now = System.nanoTime();
    List<Long> expired = new ArrayList<>();
    for (LongObjectMap.PrimitiveEntry<ClientOperation> entry : pending.entries()) {
      if (now - entry.value().deadlineNanos() >= 0) {
        expired.add(entry.key());
      }
    }
    for (long id : expired) {
      ClientOperation operation = pending.get(id);
      forget(id, operation);
      if (operation instanceof RequestOperation) {
        counters.increment(FabricCounter.TIMEOUTS);
      }
      operation.fail(timedOut());
    }
    transfers.removeIf(Transfer::isCompleted);
    for (Transfer transfer : List.copyOf(transfers)) {
      if (now - transfer.deadlineNanos() >= 0) {
        expire(transfer);
      }
    }
    issueChunks();
    flush();
    if (!pending.isEmpty() || !transfers.isEmpty()) {
      watchDeadlines();
    }
  }

  private void expire(Transfer transfer) {
    counters.increment(FabricCounter.TIMEOUTS);
    transfer.fail(timedOut());
    if (!transfer.isCompleted()) {
      end(
          DwarfException.unavailable(
              "the peer takes bytes too slowly: a write was still unsent at its deadline"));
    }
  }

  private DwarfException timedOut() {
    return DwarfException.unavailable(
        "no answer from " + this + " within the deadline; the outcome is unknown");
  }

  @Override
  protected void onEnded(DwarfException reason) {
    ready.completeExceptionally(reason);
    List<ClientOperation> operations = List.copyOf(pending.values());
    pending.clear();
    operations.forEach(operation -> operation.fail(reason));
    List<Transfer> open = List.copyOf(transfers);
    transfers.clear();
    waiting.clear();
    open.forEach(transfer -> transfer.fail(reason));
    closeHook.fire();
  }

  /** Passes an answer on as long as its operation still waits for it. */
  private final class WhilePending implements FrameSink {

    private final long id;
    private final ClientOperation operation;
    private final FrameSink sink;

    WhilePending(long id, ClientOperation operation, FrameSink sink) {
      this.id = id;
      this.operation = operation;
      this.sink = sink;
    }

    @Override
    public void take(ByteBuf in, int length) {
      if (pending.get(id) == operation) {
        sink.take(in, length);
      } else {
        in.skipBytes(length);
      }
    }

    @Override
    public void done() {
      if (pending.get(id) == operation) {
        forget(id, operation);
        sink.done();
        issueChunks();
      } else {
        counters.increment(FabricCounter.LATE_REPLIES);
      }
    }
  }
}
