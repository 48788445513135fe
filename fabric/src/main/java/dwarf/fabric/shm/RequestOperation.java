package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;

/** A request on its way. */
final class RequestOperation extends Operation {

  final ShmFuture<MemorySegment> future;
  private final Runnable leave;
  private Assembly reply;

  /**
   * A request that has passed the gate.
   *
   * @param leave gives its room back
   */
  RequestOperation(ClientLink link, long id, long deadlineNanos, Runnable leave) {
    super(link, id, deadlineNanos);
    future = new ShmFuture<>(link);
    this.leave = leave;
  }

  @Override
  void onRecord(RecordHeader header, RingConsumer records) {
    if (header.type() != RecordType.REPLY) {
      throw RecordHeader.malformed(header.type() + " in answer to a request");
    }
    if (reply == null) {
      reply = new Assembly(header, link.options.maxFrameBytes());
    }
    byte[] whole = reply.add(header, records.payload(header));
    if (whole != null && take()) {
      leave.run();
      future.complete(MemorySegment.ofArray(whole));
    }
  }

  @Override
  void fail(DwarfException reason) {
    leave.run();
    future.completeExceptionally(reason);
  }
}
