package dwarf.bench.keys;

/**
 * Spreads ranks over the key space so that the frequent ones are not neighbours: a one-to-one map
 * of 0 to n - 1 onto itself. Steps of about n times the golden ratio land far from all earlier
 * ones; a step without a common divisor with n meets every place once.
 */
final class Scatter {

  private static final double GOLDEN = 0.6180339887498949;

  private final long n;
  private final long step;

  /** For at most 2^31 keys, so that products fit. */
  Scatter(long n) {
    this.n = n;
    long candidate = Math.max(1, (long) (n * GOLDEN));
    while (commonDivisor(candidate, n) != 1) {
      candidate++;
    }
    this.step = candidate;
  }

  long place(long rank) {
    return rank * step % n;
  }

  private static long commonDivisor(long a, long b) {
    return b == 0 ? a : commonDivisor(b, a % b);
  }
}
