package dwarf.bench.load;

import dwarf.bench.engine.Durability;
import dwarf.bench.keys.KeyDistribution;

/** What the flags say about the operations; the same for every benchmark of a run. */
public record Workload(
    Amounts amounts, Shape shape, Mix mix, Pace pace, Durability durability, long seed) {

  /** So that products of two key indexes fit a long. */
  public static final long MOST_KEYS = Integer.MAX_VALUE;

  /**
   * Operations of each thread.
   *
   * @param num keys in the key space
   * @param writesGiven whether --writes was said, which then counts for fillsync too
   */
  public record Amounts(long num, long reads, long writes, long deletes, boolean writesGiven) {}

  /** Keys and values. */
  public record Shape(
      int keySize, int valueSize, double compressionRatio, KeyDistribution distribution) {}

  /** Operations made of parts. */
  public record Mix(int batchSize, int seekNexts, int readPercent) {}

  /**
   * How many threads, for how long, how fast.
   *
   * @param seconds how long, whatever the amounts are; 0: until those are done
   * @param limits the same for some only
   * @param opsPerSecond of all threads together, 0 for no limit
   * @param backgroundBytesPerSecond of the writer beside readers, 0 for no limit
   */
  public record Pace(
      int threads,
      int seconds,
      SomeSeconds limits,
      double opsPerSecond,
      long backgroundBytesPerSecond) {

    private Pace lasting(int someSeconds) {
      return someSeconds == 0
          ? this
          : new Pace(threads, someSeconds, limits, opsPerSecond, backgroundBytesPerSecond);
    }
  }

  /**
   * How long some benchmarks run; 0: as all others.
   *
   * @param reads those that read at random
   * @param warmUps any, before it counts
   */
  public record SomeSeconds(int reads, int warmUps) {}

  /** As that benchmark does it. */
  Workload of(Benchmark benchmark) {
    return lasting(benchmark.readsAtRandom() ? pace.limits().reads() : 0);
  }

  /** As a warm-up does it. */
  Workload warmingUp() {
    return lasting(pace.limits().warmUps());
  }

  private Workload lasting(int seconds) {
    return new Workload(amounts, shape, mix, pace.lasting(seconds), durability, seed);
  }
}
