package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;

/**
 * A one-sided write, sent in chunks that each say where they go. The source is touched under this
 * object's lock and not after the operation has ended, so its owner may free it then.
 */
final class WriteOperation extends Operation implements Sendable {

  final ShmFuture<Void> future;
  private final AccessDescriptor whole;
  private final MemorySegment source;
  private final Runnable leave;
  private long sent; // guarded by this
  private boolean ended; // guarded by this

  /** What is written where. */
  record Job(AccessDescriptor target, MemorySegment source) {}

  WriteOperation(ClientLink link, long id, long deadlineNanos, Job job, Runnable leave) {
    super(link, id, deadlineNanos);
    future = new ShmFuture<>(link);
    whole = job.target();
    source = job.source();
    this.leave = leave;
  }

  @Override
  public synchronized Push push(RingProducer ring) {
    if (ended) {
      return Push.DONE;
    }
    int part = (int) Math.min(link.chunkBytes(), source.byteSize() - sent);
    int length = AccessDescriptor.BYTES + part;
    if (!ring.hasRoom(length)) {
      return Push.FULL;
    }
    try {
      MemorySegment address = whole.part(sent, part).encode();
      MemorySegment.copy(address, 0, ring.data(), ring.payloadAt(), AccessDescriptor.BYTES);
      long at = ring.payloadAt() + AccessDescriptor.BYTES;
      MemorySegment.copy(source, sent, ring.data(), at, part);
    } catch (IllegalStateException freed) {
      end(DwarfException.invalid("the source of a one-sided write was freed before its end"));
      return Push.DONE;
    }
    sent += part;
    boolean last = sent == source.byteSize();
    int flags = last ? 0 : RecordHeader.MORE;
    ring.publish(new RecordHeader(RecordType.WRITE, flags, 0, id, length, length));
    return last ? Push.DONE : Push.MORE;
  }

  @Override
  void onRecord(RecordHeader header, RingConsumer records) {
    if (header.type() != RecordType.REPLY || records.payload(header).length != 0) {
      throw RecordHeader.malformed(header.type() + " in answer to a write");
    }
    if (take()) {
      stop();
      leave.run();
      future.complete(null);
    }
  }

  @Override
  void fail(DwarfException reason) {
    stop();
    leave.run();
    future.completeExceptionally(reason);
  }

  private synchronized void stop() {
    ended = true;
  }
}
