package dwarf.bench.keys;

import java.util.Random;
import java.util.SplittableRandom;

/**
 * Values as db_bench makes them: slices of one pool of pseudo-random text that compresses to a
 * given fraction, taken one after the other. The pool is larger than a compressor's window.
 */
public final class Values {

  private static final int POOL_BYTES = 1 << 20;
  private static final int PIECE_BYTES = 100;
  private static final long POOL_SEED = 301;

  private final byte[] pool;
  private final int size;

  public Values(int size, double compressionRatio) {
    this.size = size;
    this.pool = new byte[Math.max(POOL_BYTES, size)];
    Random random = new Random(POOL_SEED);
    int fresh = Math.clamp(Math.round(PIECE_BYTES * compressionRatio), 1, PIECE_BYTES);
    for (int at = 0; at < pool.length; at++) {
      boolean repeats = at % PIECE_BYTES >= fresh;
      pool[at] = repeats ? pool[at - fresh] : (byte) (' ' + random.nextInt(95));
    }
  }

  /** A thread's own walk through the pool. */
  public Source source(SplittableRandom random) {
    return new Source(random.nextInt(pool.length - size + 1));
  }

  /** Not thread-safe. */
  public final class Source {

    private final byte[] value = new byte[size];
    private int at;

    private Source(int start) {
      at = start;
    }

    /** The next value, in an array that the next call overwrites. */
    public byte[] next() {
      if (at + size > pool.length) {
        at = 0;
      }
      System.arraycopy(pool, at, value, 0, size);
      at += size;
      return value;
    }
  }
}
