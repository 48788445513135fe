package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.spi.Arguments;
import dwarf.fabric.spi.CloseHook;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.InFlightGate;
import dwarf.fabric.spi.Patience;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connecting end. A caller puts its request into the ring itself and, when it waits, takes
 * replies out of the ring itself, its own and those of others; so an exchange needs no other thread
 * of this process. The loop steps in when nobody polls.
 *
 * <p>K1. An operation ends by whoever takes it out of {@code pending}. K2. An operation enters
 * {@code pending} before the end reason is looked at, and the end reason is set before {@code
 * pending} is emptied: so each one ends.
 */
final class ClientLink extends Link {

  /** More threads that poll would take processors from those that are polled for. */
  private static final int MOST_HELPERS =
      Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  private final FabricAddress remote;
  private final PeerMemory memory;
  private final InFlightGate gate;
  private final CloseHook closeHook = new CloseHook();
  private final Map<Long, Operation> pending = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final AtomicInteger helpers = new AtomicInteger();
  private final long spinNanos;
  private final int maxRequestBytes;

  ClientLink(FabricAddress remote, Parts parts, PeerMemory memory) {
    super(remote + " of process " + parts.peer().file().pid(), parts, false);
    this.remote = remote;
    this.memory = memory;
    gate = new InFlightGate(options, counters);
    spinNanos = options.spin().toNanos();
    maxRequestBytes = Math.min(options.maxFrameBytes(), parts.peer().maxFrameBytes());
  }

  FabricAddress remote() {
    return remote;
  }

  PeerMemory memory() {
    return memory;
  }

  CloseHook closeHook() {
    return closeHook;
  }

  CompletableFuture<MemorySegment> request(int opcode, MemorySegment payload, long nanos) {
    long deadline = System.nanoTime() + nanos;
    Arguments.checkRequest(opcode, payload, maxRequestBytes);
    int size = (int) payload.byteSize();
    gate.enter(size, nanos);
    long id = lastId.incrementAndGet();
    RequestOperation operation = new RequestOperation(this, id, deadline, () -> gate.leave(size));
    if (begin(operation)) {
      try {
        boolean unused =
            send(new OutMessage(RecordType.REQUEST, 0, opcode, id, payload), Long.MAX_VALUE);
      } catch (RuntimeException | Error notReadable) {
        operation.end(DwarfException.invalid("the payload cannot be read: " + notReadable));
        throw notReadable;
      }
    }
    return operation.future;
  }

  CompletableFuture<Void> write(AccessDescriptor target, MemorySegment source, long nanos) {
    long deadline = System.nanoTime() + nanos;
    gate.enter(0, nanos);
    long id = lastId.incrementAndGet();
    WriteOperation operation =
        new WriteOperation(
            this, id, deadline, new WriteOperation.Job(target, source), () -> gate.leave(0));
    if (begin(operation)) {
      send(operation);
    }
    return operation.future;
  }

  CompletableFuture<Void> read(
      RemoteKey key, AccessDescriptor from, MemorySegment target, long nanos) {
    long deadline = System.nanoTime() + nanos;
    gate.enter(0, nanos);
    long id = lastId.incrementAndGet();
    ReadOperation operation =
        new ReadOperation(
            this, id, deadline, new ReadOperation.Job(key, target), () -> gate.leave(0));
    if (begin(operation)) {
      int flags = memory.mayLearn() ? RecordHeader.WHERE : 0;
      boolean unused =
          send(new OutMessage(RecordType.READ, flags, 0, id, from.encode()), Long.MAX_VALUE);
    }
    return operation.future;
  }

  /** K2: false if the connection has ended, and then the operation too. */
  private boolean begin(Operation operation) {
    pending.put(operation.id, operation);
    DwarfException reason = endReason();
    if (reason != null) {
      operation.end(reason);
      return false;
    }
    loop.ensureAwakeBy(operation.deadlineNanos());
    return true;
  }

  /** K1: whether the caller is the one to end the operation. */
  boolean forget(long id) {
    return pending.remove(id) != null;
  }

  /** Polls for the future's sake, for a bounded time after the last progress. */
  void help(CompletableFuture<?> future) {
    if (future.isDone() || endReason() != null || FabricThread.isCurrent()) {
      return;
    }
    boolean mayStay = helpers.incrementAndGet() <= MOST_HELPERS;
    try {
      Patience patience = Patience.ofCaller(spinNanos);
      long progressed = System.nanoTime();
      while (!future.isDone() && endReason() == null) {
        if (pump() + tryConsume() > 0) {
          progressed = System.nanoTime();
        } else if (!mayStay || !patience.waits(System.nanoTime() - progressed)) {
          break;
        }
      }
    } finally {
      helpers.decrementAndGet();
      handOver(future.isDone());
    }
  }

  private void handOver(boolean content) {
    if (!leave(content ? Ring.AWAY : Ring.ASLEEP)) {
      loop.wake();
    }
  }

  @Override
  protected boolean isPolledByCallers() {
    return helpers.get() > 0;
  }

  @Override
  protected void onRecord(RecordHeader header, RingConsumer records) {
    switch (header.type()) {
      case REPLY, ERROR, DATA, GRANT -> answer(header, records);
      case REQUEST, READ, WRITE ->
          throw RecordHeader.malformed(header.type() + " sent to the connecting side");
    }
  }

  private void answer(RecordHeader header, RingConsumer records) {
    Operation operation = pending.get(header.id());
    if (operation == null) {
      if (!header.hasMore()) {
        counters.increment(FabricCounter.LATE_REPLIES);
      }
    } else if (header.type() == RecordType.ERROR) {
      operation.onError(header, records.payload(header));
    } else {
      operation.onRecord(header, records);
    }
  }

  @Override
  protected long sweep(long now) {
    long next = now + Long.MAX_VALUE / 2;
    for (Operation operation : pending.values()) {
      long due = operation.deadlineNanos();
      if (now - due < 0) {
        next = due - next < 0 ? due : next;
      } else if (forget(operation.id)) {
        counters.increment(FabricCounter.TIMEOUTS);
        operation.fail(
            DwarfException.unavailable(
                "no answer from " + this + " within the deadline; the outcome is unknown"));
      }
    }
    return next;
  }

  @Override
  protected void onEnded(DwarfException reason) {
    memory.close();
    for (Operation operation : List.copyOf(pending.values())) {
      operation.end(reason);
    }
    closeHook.fire();
  }
}
