package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;

/**
 * A one-sided read through the ring. The target is touched under this object's lock and not after
 * the operation has ended, so its owner may free it then.
 */
final class ReadOperation extends Operation {

  final ShmFuture<Void> future;
  private final RemoteKey key;
  private final MemorySegment target;
  private final Runnable leave;
  private long received; // guarded by this
  private boolean ended; // guarded by this

  /** What is read where to. */
  record Job(RemoteKey key, MemorySegment target) {}

  ReadOperation(ClientLink link, long id, long deadlineNanos, Job job, Runnable leave) {
    super(link, id, deadlineNanos);
    future = new ShmFuture<>(link);
    key = job.key();
    target = job.target();
    this.leave = leave;
  }

  @Override
  void onRecord(RecordHeader header, RingConsumer records) {
    switch (header.type()) {
      case GRANT -> link.memory().learn(key, GrantRecord.decode(records.payload(header)));
      case DATA -> land(header, records);
      default -> throw RecordHeader.malformed(header.type() + " in answer to a read");
    }
  }

  private void land(RecordHeader header, RingConsumer records) {
    records.verify(new byte[0]);
    boolean whole;
    synchronized (this) {
      if (ended) {
        return;
      }
      long left = target.byteSize() - received;
      if (header.length() > left || header.hasMore() == (header.length() == left)) {
        throw RecordHeader.malformed("DATA of another length than was asked for");
      }
      try {
        MemorySegment.copy(records.inPlace(header, 0), 0, target, received, header.length());
      } catch (IllegalStateException freed) {
        end(DwarfException.invalid("the target of a one-sided read was freed before its end"));
        return;
      }
      received += header.length();
      whole = !header.hasMore();
    }
    if (whole && take()) {
      leave.run();
      future.complete(null);
    }
  }

  @Override
  void fail(DwarfException reason) {
    synchronized (this) {
      ended = true;
    }
    leave.run();
    future.completeExceptionally(reason);
  }
}
