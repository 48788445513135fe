package dwarf.fabric.faults;

import dwarf.base.DwarfException;
import dwarf.fabric.Connection;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.faults.Faults.Kind;
import dwarf.fabric.faults.Faults.Operation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Applies {@link Faults} to each operation. The future given out ends only after the wrapped
 * operation has, so the rule on local memory stays true under every fault.
 */
final class FaultyConnection implements Connection {

  private final Connection inner;
  private final Faults faults;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Long, CompletableFuture<?>> lost = new ConcurrentHashMap<>();
  private final AtomicLong lostNumbers = new AtomicLong();

  FaultyConnection(Connection inner, Faults faults, ScheduledThreadPoolExecutor timer) {
    this.inner = inner;
    this.faults = faults;
    this.timer = timer;
    inner.onClose(
        () -> lost.values().forEach(future -> future.completeExceptionally(unavailable())));
  }

  @Override
  public CompletableFuture<MemorySegment> request(
      int opcode, MemorySegment payload, Duration timeout) {
    Operation operation = new Operation(Kind.REQUEST, opcode);
    MemorySegment copy = MemorySegment.ofArray(payload.toArray(ValueLayout.JAVA_BYTE));
    CompletableFuture<MemorySegment> result =
        apply(operation, timeout, () -> inner.request(opcode, copy, timeout));
    if (faults.duplicates(operation)) {
      var unused = inner.request(opcode, copy, timeout);
    }
    return faults.corrupts(operation) ? result.thenApply(this::flipped) : result;
  }

  @Override
  public CompletableFuture<Void> write(
      RemoteKey key, long offset, MemorySegment source, Duration timeout) {
    Operation operation = new Operation(Kind.WRITE, -1);
    MemorySegment sent =
        faults.corrupts(operation)
            ? flipped(MemorySegment.ofArray(source.toArray(ValueLayout.JAVA_BYTE)))
            : source;
    return apply(operation, timeout, () -> inner.write(key, offset, sent, timeout));
  }

  @Override
  public CompletableFuture<Void> read(
      RemoteKey key, long offset, MemorySegment target, Duration timeout) {
    Operation operation = new Operation(Kind.READ, -1);
    Supplier<CompletableFuture<Void>> start = () -> inner.read(key, offset, target, timeout);
    if (faults.corrupts(operation)) {
      return apply(operation, timeout, () -> start.get().thenAccept(done -> flipped(target)));
    }
    return apply(operation, timeout, start);
  }

  private <T> CompletableFuture<T> apply(
      Operation operation, Duration timeout, Supplier<CompletableFuture<T>> start) {
    if (faults.drops(operation)) {
      return silence(timeout);
    }
    long delay = faults.delayNanos(operation);
    CompletableFuture<T> result = delay == 0 ? start.get() : later(delay, start);
    return faults.dropsAnswer(operation) ? both(result, silence(timeout)) : result;
  }

  /** Ends like the second, but not before the first. */
  private static <T> CompletableFuture<T> both(
      CompletableFuture<T> first, CompletableFuture<T> second) {
    CompletableFuture<T> result = new CompletableFuture<>();
    var unused = first.whenComplete((value, error) -> forward(second, result));
    return result;
  }

  private static <T> void forward(CompletableFuture<T> from, CompletableFuture<T> to) {
    var unused =
        from.whenComplete(
            (value, error) -> {
              if (error == null) {
                to.complete(value);
              } else {
                to.completeExceptionally(error);
              }
            });
  }

  private <T> CompletableFuture<T> later(long nanos, Supplier<CompletableFuture<T>> start) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable send = () -> forward(start.get(), result);
    after(nanos, result, () -> Thread.startVirtualThread(send));
    return result;
  }

  private <T> CompletableFuture<T> silence(Duration timeout) {
    CompletableFuture<T> result = lost(new CompletableFuture<>());
    after(timeout.toNanos(), result, () -> result.completeExceptionally(unavailable()));
    return result;
  }

  private void after(long nanos, CompletableFuture<?> result, Runnable action) {
    try {
      var unused = timer.schedule(action, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      result.completeExceptionally(unavailable());
    }
  }

  private <F extends CompletableFuture<?>> F lost(F future) {
    long number = lostNumbers.incrementAndGet();
    lost.put(number, future);
    var unused = future.whenComplete((value, error) -> lost.remove(number));
    if (!inner.isOpen()) {
      future.completeExceptionally(unavailable());
    }
    return future;
  }

  private MemorySegment flipped(MemorySegment bytes) {
    if (bytes.byteSize() > 0) {
      long at = faults.below(bytes.byteSize());
      int bit = 1 << faults.below(8);
      bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (bytes.get(ValueLayout.JAVA_BYTE, at) ^ bit));
    }
    return bytes;
  }

  private DwarfException unavailable() {
    return DwarfException.unavailable("no answer from " + remote() + " (injected fault)");
  }

  @Override
  public boolean isOpen() {
    return inner.isOpen();
  }

  @Override
  public FabricAddress remote() {
    return inner.remote();
  }

  @Override
  public void onClose(Runnable callback) {
    inner.onClose(callback);
  }

  @Override
  public void close() {
    inner.close();
  }
}
