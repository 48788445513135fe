package dwarf.fabric.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * One direction of a connection: the words that its two ends share, and the bytes, mapped twice so
 * that a record that runs over the end is contiguous. Who may write which word is drawn at {@link
 * RingLayout}; the other side's words are only ever hints or claims to be checked.
 *
 * <p>R1. How a consumer is woken. POLLED: it looks by itself. AWAY: a caller polled a moment ago
 * and will probably be back for its next reply; wake it only if it is not. ASLEEP: wake it at once.
 * A consumer says AWAY or ASLEEP, then looks at the ring once more, with a full fence between; a
 * producer publishes, then looks at this word, with a full fence between. So one of the two sees
 * the other, and no record waits unseen. R2. Whoever wakes a consumer sets the word to POLLED
 * first, by compare-and-set, so that it is woken once.
 */
record Ring(MemorySegment control, MemorySegment data, int capacity) {

  static final int POLLED = 0;
  static final int AWAY = 1;
  static final int ASLEEP = 2;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  long tail() {
    return (long) LONG.getAcquire(control, (long) RingLayout.TAIL);
  }

  void tail(long position) {
    LONG.setRelease(control, (long) RingLayout.TAIL, position);
  }

  long head() {
    return (long) LONG.getAcquire(control, (long) RingLayout.HEAD);
  }

  void head(long position) {
    LONG.setRelease(control, (long) RingLayout.HEAD, position);
  }

  int waking() {
    return (int) INT.getOpaque(control, (long) RingLayout.WAKING);
  }

  void waking(int how) {
    INT.setOpaque(control, (long) RingLayout.WAKING, how);
  }

  /** R2: whether the caller is the one to wake the consumer. */
  boolean takeWaking(int seen) {
    return INT.compareAndSet(control, (long) RingLayout.WAKING, seen, POLLED);
  }

  boolean isBlocked() {
    return (int) INT.getOpaque(control, (long) RingLayout.BLOCKED) != 0;
  }

  void blocked(boolean is) {
    INT.setOpaque(control, (long) RingLayout.BLOCKED, is ? 1 : 0);
  }
}
