package dwarf.base;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A number that many threads change, alone in its cache lines: what lies beside it in memory, which
 * may be what everybody reads all the time, does not move with it.
 */
public final class PaddedLong {

  /** A pair of cache lines, which processors like to fetch together. */
  private static final int LONGS_BESIDE = 16;

  private final AtomicLongArray cells = new AtomicLongArray(2 * LONGS_BESIDE + 1);

  public PaddedLong(long initial) {
    cells.setPlain(LONGS_BESIDE, initial);
  }

  public long get() {
    return cells.get(LONGS_BESIDE);
  }

  public void set(long value) {
    cells.set(LONGS_BESIDE, value);
  }

  /** As {@link #set}, without waiting until others can see it. */
  public void setRelease(long value) {
    cells.setRelease(LONGS_BESIDE, value);
  }

  public boolean compareAndSet(long expected, long value) {
    return cells.compareAndSet(LONGS_BESIDE, expected, value);
  }

  /** Returns what was there before. */
  public long getAndAdd(long more) {
    return cells.getAndAdd(LONGS_BESIDE, more);
  }
}
