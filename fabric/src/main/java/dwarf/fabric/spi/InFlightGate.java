package dwarf.fabric.spi;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the operations and payload bytes in flight on one connection. At the bound the caller
 * waits until its own deadline, which pushes back through the caller instead of a queue. Waiters
 * need no waking when the connection ends: it fails everything in flight, and that makes room.
 */
public final class InFlightGate {

  private final Semaphore operations;
  private final Semaphore bytes;
  private final FabricCounters counters;
  private final String bounds;

  public InFlightGate(FabricOptions options, FabricCounters counters) {
    operations = new Semaphore(options.maxInFlightRequests(), true);
    bytes = new Semaphore(Math.toIntExact(options.maxInFlightBytes()), true);
    this.counters = counters;
    bounds =
        options.maxInFlightRequests()
            + " operations, "
            + options.maxInFlightBytes()
            + " bytes per connection";
  }

  /** Reserves room for one operation, or throws BUSY: then nothing has been sent. */
  public void enter(int payloadBytes, long timeoutNanos) {
    long start = System.nanoTime();
    if (!acquire(operations, 1, timeoutNanos)) {
      throw busy();
    }
    if (!acquire(bytes, payloadBytes, timeoutNanos - (System.nanoTime() - start))) {
      operations.release();
      throw busy();
    }
  }

  /** Gives back what {@link #enter} reserved, once per operation. */
  public void leave(int payloadBytes) {
    operations.release();
    bytes.release(payloadBytes);
  }

  private static boolean acquire(Semaphore semaphore, int permits, long nanos) {
    if (permits == 0 || (!semaphore.hasQueuedThreads() && semaphore.tryAcquire(permits))) {
      return true; // nobody was overtaken, so large operations do not starve
    }
    if (nanos <= 0 || FabricThread.isCurrent()) {
      return false;
    }
    try {
      return semaphore.tryAcquire(permits, nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          Kind.BUSY, "interrupted while waiting for room on the connection; nothing was sent", e);
    }
  }

  private DwarfException busy() {
    counters.increment(FabricCounter.BUSY_REFUSALS);
    return new DwarfException(
        Kind.BUSY,
        "still at the bound of operations in flight at the deadline ("
            + bounds
            + "); nothing was sent, retry later or raise the bound in FabricOptions");
  }
}
