package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.Connection;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.spi.Arguments;
import dwarf.fabric.spi.FabricThread;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The caller's side of a connection: checks what it is given, reads by itself what it can, and
 * hands the rest to the link.
 */
final class ShmConnection implements Connection {

  private final ClientLink link;

  ShmConnection(ClientLink link) {
    this.link = link;
  }

  @Override
  public CompletableFuture<MemorySegment> request(
      int opcode, MemorySegment payload, Duration timeout) {
    try {
      return link.request(opcode, payload, Arguments.nanos(timeout));
    } catch (DwarfException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<Void> write(
      RemoteKey key, long offset, MemorySegment source, Duration timeout) {
    try {
      long nanos = Arguments.nanos(timeout);
      Arguments.checkTransfer(source, false);
      return link.write(address(key, offset, source), source, nanos);
    } catch (DwarfException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<Void> read(
      RemoteKey key, long offset, MemorySegment target, Duration timeout) {
    try {
      long nanos = Arguments.nanos(timeout);
      Arguments.checkTransfer(target, true);
      MappedGrant mapped = link.memory().find(key);
      if (mapped == null) {
        return link.read(key, address(key, offset, target), target, nanos);
      }
      copy(key, mapped, offset, target);
      return CompletableFuture.completedFuture(null);
    } catch (DwarfException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static AccessDescriptor address(RemoteKey key, long offset, MemorySegment local) {
    if (offset < 0 || offset > Long.MAX_VALUE - local.byteSize()) {
      throw DwarfException.invalid("one-sided access at offset " + offset + " is out of bounds");
    }
    return AccessDescriptor.of(key, offset, local.byteSize());
  }

  private void copy(RemoteKey key, MappedGrant mapped, long offset, MemorySegment target) {
    try {
      mapped.check(offset, target.byteSize());
      mapped.read(offset, target);
      link.counters.add(FabricCounter.MAPPED_BYTES_READ, target.byteSize());
    } catch (DwarfException refused) {
      link.counters.increment(FabricCounter.ONE_SIDED_REFUSED);
      if (refused.kind() == DwarfException.Kind.STALE_HANDLE) {
        link.memory().forget(key);
      }
      throw refused;
    } catch (IllegalStateException unmapped) {
      DwarfException reason = link.endReason();
      throw reason != null ? reason : DwarfException.invalid("the target has been freed");
    } catch (InternalError fault) {
      // A page that the peer took away, or cut off, while it was being read.
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, "the peer's memory cannot be read: " + fault, fault);
    }
  }

  @Override
  public boolean isOpen() {
    return link.endReason() == null;
  }

  @Override
  public FabricAddress remote() {
    return link.remote();
  }

  @Override
  public void onClose(Runnable callback) {
    link.closeHook().add(callback);
  }

  @Override
  public void close() {
    link.end(DwarfException.unavailable("connection to " + remote() + " closed"));
    if (!FabricThread.isCurrent()) {
      link.ended().join();
    }
  }
}
