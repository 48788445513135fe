package dwarf.storage;

import dwarf.base.DwarfException;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

  private static final int STRIPES = 8;
  private static final int STRIDE = 16;
  private static final long PAUSE_NANOS = 50_000;
  private static final int SPINS = 100;

  private final String what;
  private final AtomicIntegerArray users = new AtomicIntegerArray(STRIPES * STRIDE);
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
    int stripe = stripe();
    users.incrementAndGet(stripe);
    if (closed) {
      users.decrementAndGet(stripe);
      return false;
    }
    return true;
  }

  void exit() {
    users.decrementAndGet(stripe());
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
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      int spins = 0;
      while (users.get(stripe * STRIDE) != 0) {
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private static int stripe() {
    return ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * STRIDE;
  }
}
