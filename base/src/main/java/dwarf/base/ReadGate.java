package dwarf.base;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells a reclaimer when every reader that might still use a replaced object has left.
 *
 * <p>Idea: readers count themselves in and out on one of many padded stripes, in the phase that is
 * current when they come; {@link #synchronize()} flips the phase and waits for the old phase's
 * counters to reach zero, twice (sleepable RCU). So two readers on different stripes share no cache
 * line, and taking a view costs one uncontended atomic add.
 *
 * <p>G1. An object unlinked before synchronize() is called is used by no reader after it returns.
 * Why two flips: a reader may pick its phase, be delayed past a whole flip, and count itself into
 * the phase that was already waited for; it then sees the unlinked state, but the <em>next</em>
 * synchronize would not wait for it after a single flip.
 *
 * <p>Rejected: a reference count per view (every get would write the same cache line), and hazard
 * pointers (remote reads hold several objects of unknown number).
 */
public final class ReadGate {

  private static final int PADDING = 16;
  private static final long WAIT_NANOS = 20_000;

  private final int stripes;

  /** Of a thread's spread id the topmost bits, which differ most among ids in a row. */
  private final int shift;

  private final AtomicLongArray counters;
  private final ReentrantLock reclaiming = new ReentrantLock();
  private volatile int phase;

  public ReadGate() {
    stripes = Integer.highestOneBit(Math.max(4, 8 * Runtime.getRuntime().availableProcessors()));
    shift = Long.numberOfLeadingZeros(stripes) + 1;
    counters = new AtomicLongArray((2 * stripes + 1) * PADDING);
  }

  /** Enters; the token must go to {@link #exit} exactly once, from any thread. */
  public int enter() {
    long id = Thread.currentThread().threadId();
    int stripe = (int) ((id * 0x9E3779B97F4A7C15L) >>> shift);
    int slot = ((phase * stripes) + stripe + 1) * PADDING;
    counters.getAndIncrement(slot);
    return slot;
  }

  public void exit(int token) {
    counters.getAndDecrement(token);
  }

  /** Waits until every reader that entered before this call has left. */
  public void synchronize() {
    reclaiming.lock();
    try {
      flipAndDrain();
      flipAndDrain();
    } finally {
      reclaiming.unlock();
    }
  }

  private void flipAndDrain() {
    int old = phase;
    phase = 1 - old;
    while (readersIn(old) != 0) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  private long readersIn(int which) {
    long sum = 0;
    for (int stripe = 0; stripe < stripes; stripe++) {
      sum += counters.get(((which * stripes) + stripe + 1) * PADDING);
    }
    return sum;
  }
}
