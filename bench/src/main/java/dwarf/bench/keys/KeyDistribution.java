package dwarf.bench.keys;

import java.util.SplittableRandom;

/** Which keys the random benchmarks choose. */
public enum KeyDistribution {
  /** Each key as often as any other: db_bench's. */
  UNIFORM,
  /** A few keys often, most keys rarely; the frequent ones are spread over the key space. */
  ZIPFIAN,
  /** As zipfian, with the highest indexes, which sequential loads wrote last, chosen most. */
  LATEST,
  /** One after the other; each thread begins at its own part of the key space. */
  SEQUENTIAL,
  /** As uniform, with keys that are text of different lengths: {@link TextKeys}. */
  TEXT;

  /** YCSB's skew: the most frequent of a million keys is chosen in about 7 of 100 operations. */
  private static final double SKEW = 0.99;

  /** Chooses among {@code count} keys for one thread of several. */
  public KeySequence sequence(long count, int thread, int threads, SplittableRandom random) {
    return switch (this) {
      case UNIFORM, TEXT -> () -> random.nextLong(count);
      case ZIPFIAN -> {
        Zipf zipf = new Zipf(count, SKEW);
        Scatter scatter = new Scatter(count);
        yield () -> scatter.place(zipf.next(random));
      }
      case LATEST -> {
        Zipf zipf = new Zipf(count, SKEW);
        yield () -> count - 1 - zipf.next(random);
      }
      case SEQUENTIAL -> KeySequence.ascending(count / threads * thread, count);
    };
  }

  /** How keys are spelled. */
  public KeyCodec codec(int keySize, long count) {
    return this == TEXT ? new TextKeys() : new FixedKeys(keySize, count);
  }
}
