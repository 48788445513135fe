package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/**
 * One one-sided operation, sent in chunks; confined to the event loop.
 *
 * <p>The future completes only when nothing here or in the socket's queue refers to the local
 * memory any more, since its owner may free it then. Reads land on the loop, so they stop with the
 * failure itself. Writes hand their memory to the socket's queue; a write that fails waits for its
 * queued chunks to leave, and one whose deadline passes meanwhile takes the connection with it,
 * because bytes in the middle of a frame cannot be taken back.
 */
final class Transfer {

  private enum State {
    RUNNING,
    FAILED,
    COMPLETED
  }

  final CompletableFuture<Void> future = new CompletableFuture<>();
  private final AccessDescriptor whole;
  private final MemorySegment local;
  private final boolean write;
  private final long deadlineNanos;
  private final Runnable leave;

  private State state = State.RUNNING;
  private DwarfException failure;
  private long issued;
  private boolean allIssued;
  private int unanswered;
  private int unsent;

  /** What a transfer does: write to, or read from, the peer's memory. */
  record Job(AccessDescriptor target, MemorySegment local, boolean write) {}

  Transfer(Job job, long deadlineNanos, Runnable leave) {
    whole = job.target();
    local = job.local();
    write = job.write();
    this.deadlineNanos = deadlineNanos;
    this.leave = leave;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean hasMore() {
    return state == State.RUNNING && !allIssued;
  }

  boolean isCompleted() {
    return state == State.COMPLETED;
  }

  /** Sends the next chunk. */
  void issue(ClientLink link) {
    int size = (int) Math.min(link.chunkBytes(), local.byteSize() - issued);
    long from = issued;
    issued += size;
    allIssued = issued == local.byteSize();
    unanswered++;
    AccessDescriptor access = whole.chunk(from, size);
    Chunk chunk = new Chunk(from, size);
    if (!write) {
      link.send(chunk, id -> Frames.read(link.alloc(), id, access));
      return;
    }
    ByteBuf data = dataOf(local.asSlice(from, size), link);
    unsent++;
    link.send(chunk, id -> Frames.writeHead(link.alloc(), id, access, data));
    link.sendData(data, this::chunkSent);
  }

  private static ByteBuf dataOf(MemorySegment part, ClientLink link) {
    if (part.isNative()) {
      return Unpooled.wrappedBuffer(part.asByteBuffer());
    }
    ByteBuf copy = link.alloc().directBuffer((int) Math.max(1, part.byteSize()));
    MemorySegment.copy(
        part,
        0,
        MemorySegment.ofBuffer(copy.internalNioBuffer(0, (int) part.byteSize())),
        0,
        part.byteSize());
    return copy.writerIndex((int) part.byteSize());
  }

  private void chunkSent() {
    unsent--;
    settle();
  }

  private void chunkAnswered() {
    unanswered--;
    settle();
  }

  /** Stops the transfer; the first reason counts. */
  void fail(DwarfException reason) {
    if (state == State.RUNNING) {
      state = State.FAILED;
      failure = reason;
      settle();
    }
  }

  private void settle() {
    if (unsent > 0 || state == State.COMPLETED) {
      return;
    }
    if (state == State.FAILED) {
      state = State.COMPLETED;
      leave.run();
      future.completeExceptionally(failure);
    } else if (allIssued && unanswered == 0) {
      state = State.COMPLETED;
      leave.run();
      future.complete(null);
    }
  }

  /** One chunk waiting for its answer. */
  final class Chunk implements ClientOperation {

    private final long from;
    private final int size;

    Chunk(long from, int size) {
      this.from = from;
      this.size = size;
    }

    int size() {
      return size;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public FrameSink answer(int length) {
      int expected = write ? 0 : size;
      if (length != expected) {
        throw FrameHeader.malformed(
            "answer of " + length + " bytes to a one-sided operation that has " + expected);
      }
      return new Landing(from);
    }

    @Override
    public void fail(DwarfException reason) {
      unanswered--;
      Transfer.this.fail(reason);
    }
  }

  private final class Landing implements FrameSink {

    private long at;

    Landing(long at) {
      this.at = at;
    }

    @Override
    public void take(ByteBuf in, int length) {
      if (state == State.RUNNING) {
        in.readBytes(local.asSlice(at, length).asByteBuffer());
      } else {
        in.skipBytes(length);
      }
      at += length;
    }

    @Override
    public void done() {
      chunkAnswered();
    }
  }
}
