package dwarf.engine.read;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When to take the route that seems dearer, so that what is known of it does not grow old.
 *
 * <p>Every {@value #EVERY}th time, if both cost about the same; the dearer it seems the less often,
 * so that no more than one part in {@value #EVERY} of the time is spent on it; but once in {@code
 * EVERY * }{@value #MOST_DEAR} times at least. What seems dear at first may have been disturbed, so
 * the first {@value #FIRST} tries do not wait longer. Any thread.
 */
final class Exploration {

  static final int EVERY = 32;
  static final int MOST_DEAR = 1024;
  static final int FIRST = 16;

  private final AtomicLong since = new AtomicLong();
  private final AtomicLong tries = new AtomicLong();

  /**
   * Whether it is time.
   *
   * @param cheap what the better route costs; 0 if that is not known
   */
  boolean isDue(double cheap, double dear) {
    boolean isSure = cheap > 0 && tries.get() >= FIRST;
    double times = isSure ? Math.clamp(dear / cheap, 1, MOST_DEAR) : 1;
    if (since.incrementAndGet() < (long) (EVERY * times)) {
      return false;
    }
    since.set(0);
    tries.incrementAndGet();
    return true;
  }
}
