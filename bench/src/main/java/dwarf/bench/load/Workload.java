package dwarf.bench.load;

import dwarf.bench.engine.Durability;
import dwarf.bench.keys.KeyDistribution;
import java.util.Map;

/** What the flags say about the operations; a call of a benchmark may change some of it. */
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
  public record Amounts(long num, long reads, long writes, long deletes, boolean writesGiven) {

    private Amounts writing(long count) {
      return new Amounts(num, reads, count, deletes, true);
    }
  }

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

    private Pace by(int otherThreads) {
      return new Pace(otherThreads, seconds, limits, opsPerSecond, backgroundBytesPerSecond);
    }

    private Pace warmingUp(int otherSeconds) {
      SomeSeconds others = new SomeSeconds(limits.reads(), otherSeconds);
      return new Pace(threads, seconds, others, opsPerSecond, backgroundBytesPerSecond);
    }
  }

  /**
   * How long some benchmarks run; 0: as all others.
   *
   * @param reads those that read at random
   * @param warmUps any, before it counts
   */
  public record SomeSeconds(int reads, int warmUps) {}

  /** As that call does it. */
  Workload of(BenchmarkCall call) {
    Workload workload = this;
    for (Map.Entry<Setting, Long> setting : call.settings().entrySet()) {
      workload = workload.with(setting.getKey(), setting.getValue());
    }
    return workload.lasting(call.benchmark().readsAtRandom() ? pace.limits().reads() : 0);
  }

  private Workload with(Setting setting, long value) {
    return switch (setting) {
      case THREADS -> with(pace.by((int) value));
      case WRITES -> with(amounts.writing(value));
      case BATCH_SIZE -> with(new Mix((int) value, mix.seekNexts(), mix.readPercent()));
      case SEEK_NEXTS -> with(new Mix(mix.batchSize(), (int) value, mix.readPercent()));
      case DISABLE_WAL -> with(new Durability(durability.sync(), value == 1));
      case WARMUP_SECONDS -> with(pace.warmingUp((int) value));
    };
  }

  /** As a warm-up does it. */
  Workload warmingUp() {
    return lasting(pace.limits().warmUps());
  }

  private Workload lasting(int seconds) {
    return with(pace.lasting(seconds));
  }

  private Workload with(Amounts other) {
    return new Workload(other, shape, mix, pace, durability, seed);
  }

  private Workload with(Mix other) {
    return new Workload(amounts, shape, other, pace, durability, seed);
  }

  private Workload with(Pace other) {
    return new Workload(amounts, shape, mix, other, durability, seed);
  }

  private Workload with(Durability other) {
    return new Workload(amounts, shape, mix, pace, other, seed);
  }
}
