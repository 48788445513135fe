package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.ThreadStripes;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a native object alive while threads are inside it, so that use after close is an error and
 * not a crash of the JVM.
 *
 * <p>A user adds one to the counter stripe of its thread and then looks at the closed flag; the
 * closer sets the flag and then waits for every stripe to reach zero. Both are sequentially
 * consistent, so either the user sees the flag or the closer sees the user. A read-write lock gives
 * the same but makes all readers share one cache line; here a stripe is shared only by threads
 * whose ids collide.
 */
final class UseGuard {

  private static final long PAUSE_NANOS = 50_000;
  private static final int SPINS = 100;

  /** Few: there is a guard for each snapshot. */
  private static final ThreadStripes STRIPES = ThreadStripes.of(8);

  private final String what;
  private final AtomicLongArray users =
      new AtomicLongArray((STRIPES.count() + 1) * ThreadStripes.GAP);
  private volatile boolean closed;

  /**
   * @param what the guarded object, for the error message
   */
  UseGuard(String what) {
    this.what = what;
  }

  /** Enters, to be followed by {@link #exit()} on the same thread; CLOSED if it is too late. */
  void enter() {
    if (!tryEnter()) {
      throw closedAlready();
    }
  }

  /** CLOSED if it is; for those whom the closer waits for elsewhere. */
  void check() {
    if (closed) {
      throw closedAlready();
    }
  }

  private DwarfException closedAlready() {
    return new DwarfException(DwarfException.Kind.CLOSED, what + " has been closed");
  }

  /** Enters unless closed; only then {@link #exit()} must follow. */
  boolean tryEnter() {
    int slot = slot(STRIPES.ofThread());
    users.incrementAndGet(slot);
    if (closed) {
      users.decrementAndGet(slot);
      return false;
    }
    return true;
  }

  void exit() {
    users.decrementAndGet(slot(STRIPES.ofThread()));
  }

  boolean isClosed() {
    return closed;
  }

  /** From here on nobody gets in. */
  void close() {
    closed = true;
  }

  /** After {@link #close()}: returns once everybody who was inside has left. */
  void awaitUnused() {
    for (int stripe = 0; stripe < STRIPES.count(); stripe++) {
      int spins = 0;
      while (users.get(slot(stripe)) != 0) {
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private static int slot(int stripe) {
    return (stripe + 1) * ThreadStripes.GAP;
  }
}
