package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.spi.CloseHook;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.openucx.jucx.UcxException;

/**
 * The connecting end: gives every message an id, matches answers, watches deadlines, and issues
 * transfers chunk by chunk, in turn.
 *
 * <p>Deadlines are watched by one sweep per {@link #SWEEP_MILLIS} and only while something is under
 * way: a timer per operation would cost more than the precision is worth.
 */
final class ClientLink extends Link {

  private static final long SWEEP_MILLIS = 10;
  private static final Set<MessageType> ANSWERS = EnumSet.of(MessageType.REPLY, MessageType.ERROR);

  /** Chunks under way per connection: enough to cover the round trip, few enough to share. */
  private static final int CHUNKS_AHEAD = 8;

  private final Home home;
  private final InetSocketAddress address;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CloseHook closeHook = new CloseHook();
  private final LongObjectHashMap<ClientOperation> pending = new LongObjectHashMap<>();
  private final ArrayDeque<Transfer> waiting = new ArrayDeque<>();
  private final Set<Transfer> transfers = new LinkedHashSet<>();
  private volatile int underWay; // those pending, for who is not on the thread
  private long lastId;
  private int requestsSent;
  private int chunksUnderWay;
  private boolean issuing;
  private boolean sweeping;
  private int chunkBytes;
  private volatile VerbsClient verbs;
  private volatile int maxRequestBytes;

  ClientLink(Home home, InetSocketAddress address) {
    super(home);
    this.home = home;
    this.address = address;
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

  /** Begins to connect; on the progress thread. */
  void connect() {
    try {
      begin(progress().workers().connect(address, this));
      send(Hello.of(options, home.abilities()).message(MessageType.HELLO));
    } catch (UcxException e) {
      end(new DwarfException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()), e));
    }
  }

  @Override
  protected MessageType expectedGreeting() {
    return MessageType.WELCOME;
  }

  @Override
  protected void onGreeted(Hello server) {
    maxRequestBytes = Math.min(options.maxFrameBytes(), server.maxFrameBytes());
    chunkBytes = Math.min(options.chunkBytes(), maxRequestBytes);
    if (home.verbs() != null && server.has(Hello.VERBS)) {
      verbs = new VerbsClient(this, home, address);
    }
    ready.complete(null);
  }

  /** Starts a request now; or, if others are under way, with those that follow it; any thread. */
  void submit(RequestOperation request, Outgoing message) {
    Runnable start = guarding(() -> start(request, message));
    if (underWay > 0) {
      progress().executeWhenPolling(start);
    } else {
      progress().execute(start);
    }
  }

  /** Sends a request, or releases its message and fails it; on the progress thread. */
  void start(RequestOperation request, Outgoing message) {
    if (endReason() != null) {
      message.release();
      request.fail(endReason());
      return;
    }
    long id = ++lastId;
    MessageHead.number(message.head(), id, requestsSent++);
    pending.put(id, request);
    underWay = pending.size();
    sendAtEnd(message);
    watchDeadlines();
  }

  /** Begins a transfer, or fails it; on the progress thread. */
  void start(Transfer transfer) {
    if (endReason() != null) {
      transfer.fail(endReason());
      return;
    }
    transfers.add(transfer);
    watchDeadlines();
    if (verbs == null || !verbs.take(transfer)) {
      emulate(transfer);
    }
  }

  /** Does the transfer by messages; also what the network card has given up. */
  void emulate(Transfer transfer) {
    waiting.add(transfer);
    issueChunks();
  }

  /** Asks for the network card's handle of a key. */
  void resolve(RemotePlace place, ClientOperation answer) {
    long id = ++lastId;
    pending.put(id, answer);
    send(Outgoing.about(MessageType.RESOLVE, id, place));
    watchDeadlines();
  }

  void endLane() {
    if (verbs != null) {
      verbs.endLane(DwarfException.unavailable("told to end"));
    }
  }

  /** Transfers that the network card has done; any thread. */
  long transfersByVerbs() {
    return verbs == null ? 0 : verbs.done();
  }

  /** Sends one message of a transfer and expects its answer. */
  void send(Transfer.Chunk chunk, LongFunction<Outgoing> message) {
    long id = ++lastId;
    pending.put(id, chunk);
    chunksUnderWay++;
    send(message.apply(id));
  }

  private void issueChunks() {
    if (issuing) {
      return;
    }
    issuing = true;
    try {
      while (!waiting.isEmpty() && endReason() == null && chunksUnderWay < CHUNKS_AHEAD) {
        Transfer next = waiting.remove();
        if (next.hasMore()) {
          next.issue(this);
        }
        if (next.hasMore()) {
          waiting.add(next);
        }
      }
    } finally {
      issuing = false;
    }
  }

  @Override
  protected void onMessage(MessageHead head, MemorySegment payload) {
    if (head.type() == MessageType.REVOKED && verbs != null) {
      verbs.revoked(head.place());
      return;
    }
    if (head.type() == MessageType.BUNDLE) {
      Bundle.read(payload, ANSWERS, this::onAnswer);
      issueChunks();
      return;
    }
    if (head.type() != MessageType.REPLY && head.type() != MessageType.ERROR) {
      throw MessageHead.malformed(head.type() + " sent to the connecting side");
    }
    onAnswer(head, payload);
    issueChunks();
  }

  private void onAnswer(MessageHead head, MemorySegment payload) {
    ClientOperation operation = pending.get(head.id());
    if (operation == null) {
      counters.increment(FabricCounter.LATE_REPLIES);
      return;
    }
    forget(head.id(), operation);
    if (head.type() == MessageType.REPLY) {
      operation.answered(payload);
    } else {
      operation.fail(new DwarfException(Kind.fromCode(head.code()), text(payload)));
    }
  }

  private void forget(long id, ClientOperation operation) {
    pending.remove(id);
    underWay = pending.size();
    if (operation instanceof Transfer.Chunk) {
      chunksUnderWay--;
    }
  }

  private void watchDeadlines() {
    if (!sweeping) {
      sweeping = true;
      later(TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS), this::sweep);
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
      if (operation != null) {
        forget(id, operation);
        if (operation instanceof RequestOperation) {
          counters.increment(FabricCounter.TIMEOUTS);
        }
        operation.fail(timedOut());
      }
    }
    transfers.removeIf(Transfer::isCompleted);
    for (Transfer transfer : List.copyOf(transfers)) {
      if (now - transfer.deadlineNanos() >= 0) {
        expire(transfer);
      }
    }
    issueChunks();
    if (!pending.isEmpty() || !transfers.isEmpty()) {
      watchDeadlines();
    }
  }

  private void expire(Transfer transfer) {
    counters.increment(FabricCounter.TIMEOUTS);
    transfer.fail(timedOut());
    if (transfer.isLent()) {
      verbs.endLane(DwarfException.unavailable("a transfer was under way at its deadline"));
    } else if (!transfer.isCompleted()) {
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
  protected void onEnding(DwarfException reason) {
    ready.completeExceptionally(reason);
    if (verbs != null) {
      verbs.endLane(reason);
    }
    List<ClientOperation> operations = List.copyOf(pending.values());
    pending.clear();
    underWay = 0;
    operations.forEach(operation -> operation.fail(reason));
    List<Transfer> open = List.copyOf(transfers);
    transfers.clear();
    waiting.clear();
    open.forEach(transfer -> transfer.fail(reason));
  }

  @Override
  protected void onEnded(DwarfException reason) {
    closeHook.fire();
  }

  @Override
  public String toString() {
    return "ucx peer " + address;
  }
}
