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

  private static final long WAIT_NANOS = 20_000;

  private final ThreadStripes stripes = ThreadStripes.forProcessors();
  private final AtomicLongArray counters =
      new AtomicLongArray((2 * stripes.count() + 1) * ThreadStripes.GAP);
  private final ReentrantLock reclaiming = new ReentrantLock();
  private volatile int phase;

  /** Enters; the token must go to {@link #exit} exactly once, from any thread. */
  public int enter() {
    int slot = slot(phase, stripes.ofThread());
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
    for (int stripe = 0; stripe < stripes.count(); stripe++) {
      sum += counters.get(slot(which, stripe));
    }
    return sum;
  }

  private int slot(int which, int stripe) {
    return ((which * stripes.count()) + stripe + 1) * ThreadStripes.GAP;
  }
}
