package dwarf.evaluate.catalog;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What this project wants to reach, as ratios to RocksDB: on one box, embedded, where nobody helps
 * and no memory is added, and on the testbed. Keys of 16 and values of 100 bytes unless said.
 */
final class Speed {

  private static final int ENTRIES = 500_000;

  /** What lies in SST files. */
  private static final int STORED = 300_000;

  /** Synced writes of all threads. */
  private static final int SYNCED = 12_000;

  /** Of each warm-up; two for a row, since a run's start and end must have happened before. */
  private static final int WARM_UP_SECONDS = 1;

  private static final int WARM_UPS = 2;

  /**
   * Of a row that is the first of its kind in its process. Most of them have one thread, which
   * leaves the compilers a processor.
   */
  private static final int FIRST_WARM_UPS = 6;

  /** Holds all entries in one memtable. */
  private static final long LARGE_BUFFER = 400_000_000;

  private static final long CACHE = 256L << 20;

  /** A benchmark, what it does otherwise than the flags say, and how it is to come out. */
  private record Row(int warmUps, String benchmark, String settings, Claim goal) {

    String call() {
      return "%s[W%d-X1%s]".formatted(benchmark, warmUps, settings.isEmpty() ? "" : "-" + settings);
    }

    String name() {
      return settings.isEmpty() ? benchmark : benchmark + "[" + settings + "]";
    }
  }

  private Speed() {}

  static List<Scenario> all() {
    return List.of(embedded(), testbed());
  }

  private static Scenario embedded() {
    return new Scenario(
        "embedded",
        "Embedded, on one box",
        "One process on all cores and the disk itself; with ours, memory node and worker run in it.",
        List.of(randomWrites(), flushedManually(), synced(), memtable(), files(), mixed()));
  }

  private static Scenario testbed() {
    Scale scale = Scale.FULL;
    Topology.Reach reach = Topology.Reach.SHARED_MEMORY;
    return new Scenario(
        "testbed",
        "On the testbed",
        "A compute node of 0.8 cores, a memory node of 0.4, two workers of 0.3; throttled storage.",
        List.of(
            Writes.sustained(scale)
                .running("fillrandom[W2-X1]")
                .aiming("fillrandom", Claim.atLeast(2.4))
                .aiming("fillrandom write p99", Claim.atMost(0.25)),
            Writes.burst(scale).running("fillrandom[W2-X1]").aiming("fillrandom", Claim.atLeast(5)),
            Reads.lookups(scale, reach)
                .running("fillrandom[W2-X1],readrandom[W2-X1],seekrandom[W2-X1-seek_nexts=100]")
                .aiming("readrandom", Claim.atLeast(1.8))
                .aiming("seekrandom[seek_nexts=100]", Claim.atLeast(5))));
  }

  private static Experiment randomWrites() {
    return experiment(
        "random-writes",
        "Random writes",
        load(),
        "",
        List.of(
            write(FIRST_WARM_UPS, 1, "-disable_wal=1", 5),
            write(WARM_UPS, 4, "-disable_wal=1", 10),
            write(WARM_UPS, 1, "", 2),
            write(WARM_UPS, 4, "", 3.5),
            write(WARM_UPS, 16, "", 4.5),
            write(WARM_UPS, 1, "-batch_size=100", 3),
            write(WARM_UPS, 4, "-batch_size=100", 5)));
  }

  private static Experiment flushedManually() {
    return experiment(
        "manual-wal-flush",
        "Random writes, log flushed manually",
        load().withCommon("manual_wal_flush", true),
        "",
        List.of(write(FIRST_WARM_UPS, 1, "", 5), write(WARM_UPS, 4, "", 8)));
  }

  private static Row write(int warmUps, int threads, String more, double goal) {
    String settings = "threads=" + threads + "-writes=" + ENTRIES / threads + more;
    return new Row(warmUps, "fillrandom", settings, Claim.atLeast(goal));
  }

  private static Experiment synced() {
    return experiment(
        "synced-writes",
        "Synced writes",
        load(),
        "",
        List.of(synced(1, 1.1), synced(4, 1.5), synced(16, 2)));
  }

  private static Row synced(int threads, double goal) {
    String settings = "threads=" + threads + "-writes=" + SYNCED / threads;
    return new Row(WARM_UPS, "fillsync", settings, Claim.atLeast(goal));
  }

  private static Experiment memtable() {
    return experiment(
        "memtable",
        "In the memtable",
        load()
            .withCommon("write_buffer_size", LARGE_BUFFER)
            .withCommon("disable_wal", true)
            .withCommon("read_duration", 1),
        "fillrandom[threads=4-writes=" + ENTRIES / 4 + "],",
        List.of(
            new Row(FIRST_WARM_UPS, "readrandom", "threads=1", Claim.atLeast(5)),
            new Row(WARM_UPS, "readrandom", "threads=4", Claim.atLeast(8)),
            new Row(FIRST_WARM_UPS, "seekrandom", "threads=1-seek_nexts=10", Claim.atLeast(3)),
            new Row(WARM_UPS, "seekrandom", "threads=4-seek_nexts=100", Claim.atLeast(3))));
  }

  private static Experiment files() {
    return experiment(
        "files",
        "In SST files, cached",
        load()
            .withCommon("num", STORED)
            .withCommon("disable_wal", true)
            .withCommon("cache_size", CACHE)
            .withCommon("bloom_bits", 10)
            .withCommon("read_duration", 1),
        "fillrandom,compact,",
        List.of(
            new Row(FIRST_WARM_UPS, "readrandom", "", Claim.atLeast(0.95)),
            new Row(WARM_UPS, "readmissing", "", Claim.atLeast(1)),
            new Row(WARM_UPS, "seekrandom", "seek_nexts=10", Claim.atLeast(0.9)),
            new Row(WARM_UPS, "seekrandom", "seek_nexts=100", Claim.atLeast(0.9))));
  }

  private static Experiment mixed() {
    String name = "readwhilewriting";
    return experiment(
            "reads-and-writes",
            "Reads while one more thread writes",
            load().withCommon("threads", 4).withCommon("read_duration", 2),
            "fillrandom[writes=" + ENTRIES / 4 + "],",
            List.of(new Row(FIRST_WARM_UPS, name, "", Claim.atLeast(2))))
        .aiming(name + " write p99", Claim.atMost(0.5));
  }

  /**
   * Rows that share a process.
   *
   * @param first benchmarks that make what the rows read, each with a comma after it
   */
  private static Experiment experiment(
      String id, String title, Load load, String first, List<Row> rows) {
    String calls = rows.stream().map(Row::call).collect(Collectors.joining(","));
    Load all = load.withCommon("benchmarks", first + calls);
    Experiment experiment = Experiment.of(id, title, "", Topology.embedded(), all);
    for (Row row : rows) {
      experiment = experiment.aiming(row.name(), row.goal());
    }
    return experiment;
  }

  private static Load load() {
    return Load.bench(
        Flags.NONE
            .with("num", ENTRIES)
            .with("key_size", 16)
            .with("value_size", 100)
            .with("warmup_seconds", WARM_UP_SECONDS));
  }
}
