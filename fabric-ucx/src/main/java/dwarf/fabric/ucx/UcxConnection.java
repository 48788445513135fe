package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.Connection;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.spi.Arguments;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.InFlightGate;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The caller's side of a connection: checks, waits for room, builds, and hands to the link. */
final class UcxConnection implements Connection {

  private final ClientLink link;
  private final FabricAddress remote;
  private final InFlightGate gate;

  UcxConnection(ClientLink link, FabricAddress remote) {
    this.link = link;
    this.remote = remote;
    gate = new InFlightGate(link.options, link.counters);
  }

  @Override
  public CompletableFuture<MemorySegment> request(
      int opcode, MemorySegment payload, Duration timeout) {
    try {
      long nanos = Arguments.nanos(timeout);
      long deadline = System.nanoTime() + nanos;
      Arguments.checkRequest(opcode, payload, link.maxRequestBytes());
      int size = (int) payload.byteSize();
      gate.enter(size, nanos);
      Outgoing message = build(opcode, payload);
      RequestOperation operation =
          new RequestOperation(
              new HelpingFuture<>(link.progress().helpers()), deadline, () -> gate.leave(size));
      link.submit(operation, message);
      return operation.future;
    } catch (DwarfException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Outgoing build(int opcode, MemorySegment payload) {
    try {
      return Outgoing.of(MessageType.REQUEST, opcode, 0, payload);
    } catch (RuntimeException | Error noMemoryOrNotReadable) {
      gate.leave((int) payload.byteSize());
      throw noMemoryOrNotReadable;
    }
  }

  @Override
  public CompletableFuture<Void> write(
      RemoteKey key, long offset, MemorySegment source, Duration timeout) {
    return transfer(key, offset, new Local(source, true), timeout);
  }

  @Override
  public CompletableFuture<Void> read(
      RemoteKey key, long offset, MemorySegment target, Duration timeout) {
    return transfer(key, offset, new Local(target, false), timeout);
  }

  private record Local(MemorySegment memory, boolean write) {}

  private CompletableFuture<Void> transfer(
      RemoteKey key, long offset, Local local, Duration timeout) {
    try {
      long nanos = Arguments.nanos(timeout);
      long deadline = System.nanoTime() + nanos;
      Arguments.checkTransfer(local.memory(), !local.write());
      if (offset < 0 || offset > Long.MAX_VALUE - local.memory().byteSize()) {
        throw DwarfException.invalid("one-sided access at offset " + offset + " is out of bounds");
      }
      RemotePlace target = RemotePlace.of(key, offset, 0);
      gate.enter(0, nanos);
      Transfer transfer =
          new Transfer(
              new Transfer.Job(target, local.memory(), local.write()),
              new HelpingFuture<>(link.progress().helpers()),
              deadline,
              () -> gate.leave(0));
      link.execute(() -> link.start(transfer));
      return transfer.future;
    } catch (DwarfException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What it runs on, for people and tests. */
  CompletableFuture<List<String>> lanes() {
    CompletableFuture<List<String>> lanes = new CompletableFuture<>();
    link.execute(() -> lanes.complete(link.channel().lanes()));
    return lanes;
  }

  /** Loses the network card's own connection, as a revoked key may; for tests. */
  void endLane() {
    link.execute(link::endLane);
  }

  /** Transfers that the network card has done. */
  long transfersByVerbs() {
    return link.transfersByVerbs();
  }

  @Override
  public boolean isOpen() {
    return link.endReason() == null;
  }

  @Override
  public FabricAddress remote() {
    return remote;
  }

  @Override
  public void onClose(Runnable callback) {
    link.closeHook().add(callback);
  }

  @Override
  public void close() {
    link.execute(() -> link.end(DwarfException.unavailable("connection to " + remote + " closed")));
    if (!FabricThread.isCurrent()) {
      link.ended().join();
    }
  }
}
