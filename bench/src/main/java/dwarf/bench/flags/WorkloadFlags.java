package dwarf.bench.flags;

import dwarf.bench.engine.Durability;
import dwarf.bench.keys.KeyDistribution;
import dwarf.bench.load.Setting;
import dwarf.bench.load.Step;
import dwarf.bench.load.Workload;
import java.util.List;
import picocli.CommandLine.Option;

/** What is done to the database. */
public final class WorkloadFlags {

  @Option(
      names = "--benchmarks",
      paramLabel = "NAME,...",
      defaultValue = "fillseq,fillrandom,overwrite,readrandom,readseq,readreverse,seekrandom",
      description =
          "What to run, in that order. NAME[X3] runs it three times, NAME[W1-X3] once more before"
              + " as a warm-up that is not counted (those that want a fresh database get one after"
              + " it). NAME[threads=4] does it with another number of threads; so can writes,"
              + " batch_size, seek_nexts, disable_wal (0, 1) and warmup_seconds be set for it alone."
              + " Default: ${DEFAULT-VALUE}")
  private String benchmarks;

  @Option(
      names = "--num",
      paramLabel = "N",
      description = "Keys in the key space; operations of each thread (${DEFAULT-VALUE}).")
  private long num = 1_000_000;

  @Option(names = "--reads", paramLabel = "N", description = "Reads of each thread; -1: --num.")
  private long reads = -1;

  @Option(names = "--writes", paramLabel = "N", description = "Writes of each thread; -1: --num.")
  private long writes = -1;

  @Option(
      names = "--deletes",
      paramLabel = "N",
      description = "Deletions of each thread; -1: --num.")
  private long deletes = -1;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Run benchmarks that choose keys at random for that long; 0: by count.")
  private int duration;

  @Option(
      names = "--read_duration",
      paramLabel = "SECONDS",
      description =
          "Run benchmarks that read keys at random for that long, whatever --duration says; 0: as"
              + " it says.")
  private int readDuration;

  @Option(
      names = "--warmup_seconds",
      paramLabel = "SECONDS",
      description =
          "Warm benchmarks that choose keys at random up for that long, in place of as the benchmark"
              + " itself runs; 0: no.")
  private int warmUpSeconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that do the operations (${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--key_size",
      paramLabel = "BYTES",
      description = "Bytes of a key (${DEFAULT-VALUE}); text keys have their own.")
  private int keySize = 16;

  @Option(
      names = "--value_size",
      paramLabel = "BYTES",
      converter = FlagSize.class,
      description = "Bytes of a value (${DEFAULT-VALUE}).")
  private long valueSize = 100;

  @Option(
      names = "--compression_ratio",
      paramLabel = "N",
      description = "Values compress to about this fraction (${DEFAULT-VALUE}).")
  private double compressionRatio = 0.5;

  @Option(
      names = "--batch_size",
      paramLabel = "N",
      description = "Keys of one write batch or of one multi-get (${DEFAULT-VALUE}).")
  private int batchSize = 1;

  @Option(
      names = "--seek_nexts",
      paramLabel = "N",
      description = "Entries read after each seek (${DEFAULT-VALUE}).")
  private int seekNexts;

  @Option(
      names = "--readwritepercent",
      paramLabel = "N",
      description = "Reads in 100 operations of readrandomwriterandom (${DEFAULT-VALUE}).")
  private int readWritePercent = 90;

  @Option(
      names = "--key_distribution",
      paramLabel = "NAME",
      description =
          "How random benchmarks choose keys: uniform (as db_bench), zipfian, latest, sequential, or"
              + " text (uniform, with keys that are text of different lengths).")
  private KeyDistribution distribution = KeyDistribution.UNIFORM;

  @Option(
      names = "--ops_per_sec",
      paramLabel = "N",
      description =
          "Start operations on a schedule, this many a second from all threads together. Latency then"
              + " counts from when an operation was due. 0: as fast as possible.")
  private double opsPerSecond;

  @Option(
      names = "--benchmark_write_rate_limit",
      paramLabel = "BYTES",
      converter = FlagSize.class,
      description = "Bytes a second that the writer of readwhilewriting writes; 0: no limit.")
  private long backgroundBytesPerSecond;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is random, the same for both engines; 0: from the time.")
  private long seed;

  @Option(
      names = "--sync",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "Each write waits until it is on stable storage.")
  private boolean sync;

  @Option(
      names = "--disable_wal",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "Writes go without the write-ahead log.")
  private boolean disableWal;

  void check(FlagCheck check) {
    check.that(num >= 1 && num <= Workload.MOST_KEYS, "--num", num, "1 to 2147483647");
    in(check, Setting.THREADS, threads);
    check.that(duration >= 0, "--duration", duration, "0 or more");
    check.that(readDuration >= 0, "--read_duration", readDuration, "0 or more");
    in(check, Setting.WARMUP_SECONDS, warmUpSeconds);
    check.that(keySize >= 1 && keySize <= 65_535, "--key_size", keySize, "1 to 65535");
    check.that(valueSize >= 0 && valueSize <= 1 << 29, "--value_size", valueSize, "0 to 512MiB");
    in(check, Setting.BATCH_SIZE, batchSize);
    in(check, Setting.SEEK_NEXTS, seekNexts);
    check.that(opsPerSecond >= 0, "--ops_per_sec", opsPerSecond, "0 or more");
    check.that(
        backgroundBytesPerSecond >= 0,
        "--benchmark_write_rate_limit",
        backgroundBytesPerSecond,
        "0 or more");
    check.that(
        readWritePercent >= 0 && readWritePercent <= 100,
        "--readwritepercent",
        readWritePercent,
        "0 to 100");
    check.that(
        compressionRatio > 0 && compressionRatio <= 1,
        "--compression_ratio",
        compressionRatio,
        "more than 0 and at most 1");
    check.that(!(sync && disableWal), "--sync", true, "false with --disable_wal: no log to sync");
    check.parses(this::steps);
    check.parses(() -> distribution.codec(keySize, num));
    if (seed == 0) {
      seed = System.currentTimeMillis();
    }
  }

  private static void in(FlagCheck check, Setting setting, long value) {
    check.that(setting.allows(value), "--" + setting.text(), value, setting.allowed());
  }

  public List<Step> steps() {
    return Step.parse(benchmarks);
  }

  public Workload workload() {
    Workload.Amounts amounts =
        new Workload.Amounts(num, orNum(reads), orNum(writes), orNum(deletes), writes >= 0);
    Workload.Shape shape =
        new Workload.Shape(keySize, (int) valueSize, compressionRatio, distribution);
    Workload.Mix mix = new Workload.Mix(batchSize, seekNexts, readWritePercent);
    Workload.Pace pace =
        new Workload.Pace(
            threads,
            duration,
            new Workload.SomeSeconds(readDuration, warmUpSeconds),
            opsPerSecond,
            backgroundBytesPerSecond);
    return new Workload(amounts, shape, mix, pace, new Durability(sync, disableWal), seed);
  }

  private long orNum(long count) {
    return count < 0 ? num : count;
  }
}
