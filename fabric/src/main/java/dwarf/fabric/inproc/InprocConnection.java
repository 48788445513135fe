package dwarf.fabric.inproc;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.Connection;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.Peer;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.ServerHandler;
import dwarf.fabric.spi.Answer;
import dwarf.fabric.spi.Arguments;
import dwarf.fabric.spi.CloseHook;
import dwarf.fabric.spi.Grant;
import dwarf.fabric.spi.Handlers;
import dwarf.fabric.spi.InFlightGate;
import dwarf.fabric.spi.SerialQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Both ends of one connection. The queue keeps the handler's calls in order and one at a time; the
 * copies of one-sided operations need no order and bypass it.
 */
final class InprocConnection implements Connection {

  private final InprocFabric client;
  private final InprocListener listener;
  private final Peer peer;
  private final InFlightGate gate;
  private final SerialQueue calls = new SerialQueue();
  private final Set<Call> pending = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CloseHook closeHook = new CloseHook();
  private volatile boolean opened;

  InprocConnection(InprocFabric client, InprocListener listener, long peerId) {
    this.client = client;
    this.listener = listener;
    peer = new Peer(peerId, listener.address() + " peer " + peerId);
    gate = new InFlightGate(client.options(), client.counters());
  }

  void open() {
    opened = true;
    client.counters().increment(FabricCounter.CONNECTIONS_OPENED);
    calls.run(() -> Handlers.opened(listener.handler(), peer));
  }

  @Override
  public CompletableFuture<MemorySegment> request(
      int opcode, MemorySegment payload, Duration timeout) {
    long nanos;
    Call call;
    try {
      nanos = Arguments.nanos(timeout);
      Arguments.checkRequest(opcode, payload, listener.fabric().options().maxFrameBytes());
      call = new Call(opcode, MemorySegment.ofArray(payload.toArray(ValueLayout.JAVA_BYTE)));
      gate.enter((int) payload.byteSize(), nanos);
    } catch (DwarfException e) {
      return CompletableFuture.failedFuture(e);
    }
    pending.add(call);
    if (ended.get()) {
      call.end(null, disconnected());
      return call.future;
    }
    calls.run(call::deliver);
    call.watch(nanos);
    return call.future;
  }

  @Override
  public CompletableFuture<Void> write(
      RemoteKey key, long offset, MemorySegment source, Duration timeout) {
    return transfer(key, offset, source, timeout, Access.READ_WRITE);
  }

  @Override
  public CompletableFuture<Void> read(
      RemoteKey key, long offset, MemorySegment target, Duration timeout) {
    return transfer(key, offset, target, timeout, Access.READ);
  }

  private CompletableFuture<Void> transfer(
      RemoteKey key, long offset, MemorySegment local, Duration timeout, Access access) {
    FabricCounters served = listener.fabric().counters();
    try {
      long nanos = Arguments.nanos(timeout);
      Arguments.checkTransfer(local, access == Access.READ);
      int chunk = client.options().chunkBytes();
      long start = local.byteSize() > chunk ? System.nanoTime() : 0;
      Grant grant = listener.fabric().regions().find(key);
      grant.check(offset, local.byteSize(), access);
      for (long done = 0; done < local.byteSize(); done += chunk) {
        if (ended.get()) {
          throw disconnected();
        }
        if (done > 0 && System.nanoTime() - start > nanos) {
          client.counters().increment(FabricCounter.TIMEOUTS);
          throw timedOut();
        }
        MemorySegment part = local.asSlice(done, Math.min(chunk, local.byteSize() - done));
        if (access == Access.READ) {
          grant.copyOut(offset + done, part);
          served.add(FabricCounter.ONE_SIDED_BYTES_READ, part.byteSize());
        } else {
          grant.copyIn(offset + done, part);
          served.add(FabricCounter.ONE_SIDED_BYTES_WRITTEN, part.byteSize());
        }
      }
      if (ended.get()) {
        throw disconnected();
      }
      return CompletableFuture.completedFuture(null);
    } catch (DwarfException e) {
      if (e.kind() == Kind.STALE_HANDLE || e.kind() == Kind.INVALID_ARGUMENT) {
        served.increment(FabricCounter.ONE_SIDED_REFUSED);
      }
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public boolean isOpen() {
    return !ended.get();
  }

  @Override
  public FabricAddress remote() {
    return listener.address();
  }

  @Override
  public void onClose(Runnable callback) {
    closeHook.add(callback);
  }

  @Override
  public void close() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    pending.forEach(call -> call.end(null, disconnected()));
    if (opened) {
      client.counters().increment(FabricCounter.CONNECTIONS_CLOSED);
      calls.run(() -> Handlers.closed(listener.handler(), peer));
    }
    closeHook.fire();
  }

  private DwarfException disconnected() {
    return DwarfException.unavailable("connection to " + remote() + " has ended");
  }

  private DwarfException timedOut() {
    return DwarfException.unavailable(
        "no answer from " + remote() + " within the deadline; the outcome is unknown");
  }

  /** One request on its way; ends once, by answer, deadline or disconnection. */
  private final class Call extends Answer {

    private final int opcode;
    private final MemorySegment payload;
    private final CompletableFuture<MemorySegment> future = new CompletableFuture<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile Future<?> deadline;

    Call(int opcode, MemorySegment payload) {
      super(listener.fabric().options().maxFrameBytes());
      this.opcode = opcode;
      this.payload = payload;
    }

    void deliver() {
      if (done.get()) {
        return;
      }
      FabricCounters counters = listener.fabric().counters();
      ServerHandler handler = listener.handler();
      if (unanswered.incrementAndGet() > listener.fabric().options().maxInFlightRequests()) {
        counters.increment(FabricCounter.BUSY_REFUSALS);
        fail(new DwarfException(Kind.BUSY, "the server's bound on open requests is reached"));
      } else {
        serve(handler, peer, opcode, payload.asReadOnly(), counters);
      }
    }

    void watch(long nanos) {
      if (!done.get()) {
        try {
          deadline = client.after(nanos, this::expire);
        } catch (RejectedExecutionException closedMeanwhile) {
          end(null, disconnected());
          return;
        }
        if (done.get()) {
          deadline.cancel(false);
        }
      }
    }

    private void expire() {
      if (end(null, timedOut())) {
        client.counters().increment(FabricCounter.TIMEOUTS);
      }
    }

    @Override
    protected void send(MemorySegment reply) {
      answered(MemorySegment.ofArray(reply.toArray(ValueLayout.JAVA_BYTE)), null);
    }

    @Override
    protected void send(DwarfException error) {
      answered(null, new DwarfException(error.kind(), error.getMessage()));
    }

    private void answered(MemorySegment reply, DwarfException error) {
      unanswered.decrementAndGet();
      if (!end(reply, error)) {
        client.counters().increment(FabricCounter.LATE_REPLIES);
      }
    }

    private boolean end(MemorySegment reply, DwarfException error) {
      if (!done.compareAndSet(false, true)) {
        return false;
      }
      pending.remove(this);
      gate.leave((int) payload.byteSize());
      Future<?> watching = deadline;
      if (watching != null) {
        watching.cancel(false);
      }
      if (error == null) {
        future.complete(reply);
      } else {
        future.completeExceptionally(error);
      }
      return true;
    }
  }
}
