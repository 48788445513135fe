package dwarf.engine.read;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When to take the route that seems dearer, so that what is known of it does not grow old.
 *
 * <p>Every {@value #EVERY}th time, if both cost about the same; the dearer it seems the less often,
 * so that no more than one part in {@value #EVERY} of the time is spent on it; but once in {@code
 * EVERY * }{@value #MOST_DEAR} times at least. Any thread.
 */
final class Exploration {

  static final int EVERY = 32;
  static final int MOST_DEAR = 1024;

  private final AtomicLong since = new AtomicLong();

  /**
   * Whether it is time.
   *
   * @param cheap what the better route costs; 0 if that is not known
   */
  boolean isDue(double cheap, double dear) {
    double times = cheap > 0 ? Math.clamp(dear / cheap, 1, MOST_DEAR) : 1;
    if (since.incrementAndGet() < (long) (EVERY * times)) {
      return false;
    }
    since.set(0);
    return true;
  }
}
