package dwarf.base;

/**
 * Spreads threads over rows that each has a cache line of its own, so that threads which count at
 * the same time seldom write the same line.
 *
 * <p>Idea: a thread's id is multiplied by the golden ratio of 64 bits, and the topmost bits of that
 * choose the row: they differ most among ids in a row, and threads that are started together have
 * such ids. Rejected: the id's lowest bits, of which threads that are started in turn with others
 * (a pool beside a pool) have only every other one.
 *
 * <p>Immutable and thread-safe.
 */
public final class ThreadStripes {

  /** So far apart two longs share no cache line, nor the pair of them that is fetched together. */
  public static final int GAP = 16;

  private static final int FOR_EACH_PROCESSOR = 8;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private final int count;
  private final int shift;

  private ThreadStripes(int count) {
    this.count = count;
    this.shift = Long.numberOfLeadingZeros(count) + 1;
  }

  /** Several for each processor, as several threads take turns on one. */
  public static ThreadStripes forProcessors() {
    int processors = Runtime.getRuntime().availableProcessors();
    return of(Integer.highestOneBit(FOR_EACH_PROCESSOR * processors));
  }

  /**
   * So many rows.
   *
   * @param count a power of two, at least 2
   */
  public static ThreadStripes of(int count) {
    Invariants.check(count >= 2 && Integer.bitCount(count) == 1, "rows are a power of two");
    return new ThreadStripes(count);
  }

  public int count() {
    return count;
  }

  /** The row of the thread that asks, from 0 on; always the same. */
  public int ofThread() {
    return (int) ((Thread.currentThread().threadId() * GOLDEN_RATIO) >>> shift);
  }
}
