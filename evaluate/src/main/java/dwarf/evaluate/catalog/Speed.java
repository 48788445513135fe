package dwarf.evaluate.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * What this project wants to reach, as ratios to RocksDB: on one box, embedded, where nobody helps
 * and no memory is added, and on the testbed. Keys of 16 and values of 100 bytes unless said.
 */
final class Speed {

  private static final int ENTRIES = 500_000;

  /** What lies in SST files. */
  private static final int STORED = 300_000;

  /** Operations of fillsync are a thousandth of this for each thread. */
  private static final int SYNCED = 1_500_000;

  /**
   * A put that goes all the way through commit, log, memtable, offload and flush takes the JVM's
   * compilers longer than a read does.
   */
  private static final int WRITE_WARM_UP_SECONDS = 4;

  /** Holds all entries in one memtable. */
  private static final long LARGE_BUFFER = 400_000_000;

  private static final long CACHE = 256L << 20;

  private final List<Experiment> experiments = new ArrayList<>();

  private Speed() {}

  static List<Scenario> all() {
    return List.of(embedded(), testbed());
  }

  private static Scenario embedded() {
    Speed speed = new Speed();
    speed.fills();
    speed.synced();
    speed.batches();
    speed.memtable();
    speed.files();
    speed.mixed();
    return new Scenario(
        "embedded",
        "Embedded, on one box",
        "One process on all cores and the disk itself; with ours, memory node and worker run in it.",
        speed.experiments);
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
                .aiming("fillrandom", Claim.atLeast(2.4))
                .aiming("fillrandom write p99", Claim.atMost(0.25)),
            Writes.burst(scale).aiming("fillrandom", Claim.atLeast(5)),
            Reads.lookups(scale, reach).aiming("readrandom", Claim.atLeast(1.8)),
            Reads.ranges(scale, 100, reach).aiming("seekrandom", Claim.atLeast(5))));
  }

  private void fills() {
    fill("fill-unlogged-1", "Without log, 1 thread", 1, 5, Flags.NONE.with("disable_wal", true));
    fill("fill-unlogged-4", "Without log, 4 threads", 4, 10, Flags.NONE.with("disable_wal", true));
    fill("fill-logged-1", "With the log, 1 thread", 1, 2, Flags.NONE);
    fill("fill-logged-4", "With the log, 4 threads", 4, 3.5, Flags.NONE);
    fill("fill-logged-16", "With the log, 16 threads", 16, 4.5, Flags.NONE);
    Flags manual = Flags.NONE.with("manual_wal_flush", true);
    fill("fill-manual-1", "With the log, flushed manually, 1 thread", 1, 5, manual);
    fill("fill-manual-4", "With the log, flushed manually, 4 threads", 4, 8, manual);
  }

  private void fill(String id, String title, int threads, double goal, Flags more) {
    Load load =
        load("fillrandom[W1-X1]", threads)
            .withCommon("writes", ENTRIES / threads)
            .withCommon("warmup_seconds", WRITE_WARM_UP_SECONDS)
            .withCommon(more);
    add(id, "Random writes: " + title, load, "fillrandom", goal);
  }

  private void synced() {
    sync(1, 1.1);
    sync(4, 1.5);
    sync(16, 2);
  }

  private void sync(int threads, double goal) {
    Load load = load("fillsync[W1-X1]", threads).withCommon("num", SYNCED);
    add("fill-synced-" + threads, "Synced writes, threads: " + threads, load, "fillsync", goal);
  }

  private void batches() {
    Flags batches = Flags.NONE.with("batch_size", 100);
    fill("fill-batches-1", "Batches of 100 with the log, 1 thread", 1, 3, batches);
    fill("fill-batches-4", "Batches of 100 with the log, 4 threads", 4, 5, batches);
  }

  private void memtable() {
    inMemtable("memtable-1", "In the memtable, 1 thread", 1, 10)
        .aiming("readrandom", Claim.atLeast(5))
        .aiming("seekrandom", Claim.atLeast(3));
    inMemtable("memtable-4", "In the memtable, 4 threads, ranges of 100", 4, 100)
        .aiming("readrandom", Claim.atLeast(8))
        .aiming("seekrandom", Claim.atLeast(3));
  }

  private Latest inMemtable(String id, String title, int threads, int nexts) {
    return new Latest(
        id,
        title,
        load("fillrandom,readrandom[W1-X1],seekrandom[W1-X1]", threads)
            .withCommon("writes", ENTRIES / threads)
            .withCommon("write_buffer_size", LARGE_BUFFER)
            .withCommon("disable_wal", true)
            .withCommon("seek_nexts", nexts)
            .withCommon("read_duration", 1));
  }

  private void files() {
    inFiles("files", "In SST files, cached; ranges of 10", "readrandom,readmissing,seekrandom", 10)
        .aiming("readrandom", Claim.atLeast(0.95))
        .aiming("readmissing", Claim.atLeast(1))
        .aiming("seekrandom", Claim.atLeast(0.9));
    inFiles("files-100", "In SST files, cached; ranges of 100", "seekrandom", 100)
        .aiming("seekrandom", Claim.atLeast(0.9));
  }

  private Latest inFiles(String id, String title, String benchmarks, int nexts) {
    String warm = benchmarks.replaceAll("(\\w+)", "$1[W1-X1]");
    return new Latest(
        id,
        title,
        load("fillrandom,compact," + warm, 1)
            .withCommon("num", STORED)
            .withCommon("disable_wal", true)
            .withCommon("cache_size", CACHE)
            .withCommon("bloom_bits", 10)
            .withCommon("seek_nexts", nexts)
            .withCommon("read_duration", 1));
  }

  private void mixed() {
    Load load =
        load("fillrandom,readwhilewriting[W1-X1]", 4)
            .withCommon("writes", ENTRIES / 4)
            .withCommon("read_duration", 1);
    new Latest("reads-and-writes", "Reads while one more thread writes", load)
        .aiming("readwhilewriting", Claim.atLeast(2))
        .aiming("readwhilewriting write p99", Claim.atMost(0.5));
  }

  private void add(String id, String title, Load load, String row, double goal) {
    new Latest(id, title, load).aiming(row, Claim.atLeast(goal));
  }

  private static Load load(String benchmarks, int threads) {
    return Load.bench(
        Flags.NONE
            .with("benchmarks", benchmarks)
            .with("num", ENTRIES)
            .with("threads", threads)
            .with("key_size", 16)
            .with("value_size", 100)
            .with("warmup_seconds", 2));
  }

  /** The experiment added last, to which goals are added. */
  private final class Latest {

    Latest(String id, String title, Load load) {
      experiments.add(Experiment.of(id, title, "", Topology.embedded(), load));
    }

    Latest aiming(String row, Claim goal) {
      experiments.add(experiments.removeLast().aiming(row, goal));
      return this;
    }
  }
}
