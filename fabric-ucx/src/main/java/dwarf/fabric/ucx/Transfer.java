package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/**
 * One one-sided operation, sent in chunks; confined to the progress thread.
 *
 * <p>The future completes only when neither UCX nor anything here refers to the local memory any
 * more, since its owner may free it then. Reads land on the progress thread, so they stop with the
 * failure itself. Writes lend their memory to UCX; one that fails waits for what UCX still holds,
 * and one whose deadline passes meanwhile takes the connection with it, because closing the
 * endpoint is the only way to get the memory back.
 */
final class Transfer {

  private enum State {
    RUNNING,
    FAILED,
    COMPLETED
  }

  final CompletableFuture<Void> future;
  private final RemotePlace whole;
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
  private boolean lent;

  /** What a transfer does: write to, or read from, the peer's memory. */
  record Job(RemotePlace target, MemorySegment local, boolean write) {}

  /**
   * A transfer that has passed the gate.
   *
   * @param future what its caller waits for
   * @param leave gives its room back
   */
  Transfer(Job job, CompletableFuture<Void> future, long deadlineNanos, Runnable leave) {
    this.future = future;
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

  MemorySegment local() {
    return local;
  }

  RemotePlace target() {
    return whole;
  }

  boolean isWrite() {
    return write;
  }

  /** Whether its memory is lent to the network card. */
  boolean isLent() {
    return lent;
  }

  /** From now on the network card may touch the local memory. */
  void lend() {
    lent = true;
    unsent++;
  }

  /** The network card has let go; {@code done} if it has done all there was. */
  void comeBack(boolean done) {
    lent = false;
    unsent--;
    allIssued |= done;
    settle();
  }

  /** Sends the next chunk. */
  void issue(ClientLink link) {
    int size = (int) Math.min(link.chunkBytes(), local.byteSize() - issued);
    MemorySegment part = local.asSlice(issued, size);
    RemotePlace place = whole.part(issued, size);
    issued += size;
    allIssued = issued == local.byteSize();
    unanswered++;
    Chunk chunk = new Chunk(part);
    if (write) {
      unsent++;
      link.send(chunk, id -> Outgoing.write(id, place, part).whenGone(this::chunkSent));
    } else {
      link.send(chunk, id -> Outgoing.about(MessageType.READ, id, place));
    }
  }

  private void chunkSent() {
    unsent--;
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

    private final MemorySegment part;

    Chunk(MemorySegment part) {
      this.part = part;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public void answered(MemorySegment payload) {
      long expected = write ? 0 : part.byteSize();
      if (payload.byteSize() != expected) {
        DwarfException wrong =
            MessageHead.malformed(
                "answer of "
                    + payload.byteSize()
                    + " bytes to a one-sided operation that has "
                    + expected);
        fail(DwarfException.unavailable(wrong.getMessage()));
        throw wrong;
      }
      unanswered--;
      if (!write && state == State.RUNNING) {
        part.copyFrom(payload);
      }
      settle();
    }

    @Override
    public void fail(DwarfException reason) {
      unanswered--;
      Transfer.this.fail(reason);
    }
  }
}
