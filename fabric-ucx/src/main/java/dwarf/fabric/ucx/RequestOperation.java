package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;

/** A request on its way. */
final class RequestOperation implements ClientOperation {

  final CompletableFuture<MemorySegment> future;
  private final long deadlineNanos;
  private final Runnable leave;

  /**
   * A request that has passed the gate.
   *
   * @param future what its caller waits for
   * @param leave gives its room back
   */
  RequestOperation(CompletableFuture<MemorySegment> future, long deadlineNanos, Runnable leave) {
    this.future = future;
    this.deadlineNanos = deadlineNanos;
    this.leave = leave;
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public void answered(MemorySegment payload) {
    byte[] bytes = payload.toArray(ValueLayout.JAVA_BYTE);
    leave.run();
    future.complete(MemorySegment.ofArray(bytes));
  }

  @Override
  public void fail(DwarfException reason) {
    leave.run();
    future.completeExceptionally(reason);
  }
}
