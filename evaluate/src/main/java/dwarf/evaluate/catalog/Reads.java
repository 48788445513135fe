package dwarf.evaluate.catalog;

import java.util.ArrayList;
import java.util.List;

/** How fast it reads what has left the node. */
final class Reads {

  /** More than are ever written here: memtables stay in DM. */
  private static final int NEVER_FLUSH = 1000;

  /** As in YCSB: there is more of it than the block cache holds. */
  private static final int STORED_VALUE = 1000;

  /** A range costs about as much as so many points. */
  private static final int POINTS_A_RANGE = 10;

  private Reads() {}

  static Scenario all(Scale scale) {
    List<Experiment> experiments = new ArrayList<>(List.of(whileWriting(scale)));
    for (Topology.Reach reach : Topology.Reach.values()) {
      experiments.add(lookups(scale, reach));
      for (int length : new int[] {10, 100, 1000}) {
        experiments.add(ranges(scale, length, reach));
      }
    }
    for (String workload : List.of("a", "b", "c", "d", "e", "f")) {
      experiments.add(ycsb(scale, workload));
    }
    return new Scenario(
        "reads",
        "Reads",
        "Data that lies in disaggregated memory for us lies in SST files on the throttled storage for"
            + " the peer, which has the same memory in its node.",
        experiments);
  }

  static Experiment lookups(Scale scale, Topology.Reach reach) {
    return Experiment.of(
            "lookups" + suffix(reach),
            "Point lookups and short ranges of data in DM" + via(reach),
            "Random keys are written and stay in disaggregated memory; then they are read.",
            inDm(scale).withReach(reach),
            stored(scale, "fillrandom[W2-X1],readrandom[W2-X1],seekrandom[W2-X1]")
                .withCommon("seek_nexts", 10))
        .claiming("readrandom", Claim.POINTS)
        .claiming("seekrandom", Claim.RANGES);
  }

  static Experiment whileWriting(Scale scale) {
    return Experiment.of(
        "reads-while-writing",
        "Point lookups during writes",
        "Four threads read, one writes 4 MiB a second.",
        scale.single(),
        stored(scale, "fillrandom[W2-X1],readwhilewriting[W2-X1]")
            .withCommon("benchmark_write_rate_limit", 4 << 20)
            .withOurs("min_write_buffer_number_to_merge", 4));
  }

  static Experiment ranges(Scale scale, int length, Topology.Reach reach) {
    return Experiment.of(
            "ranges-" + length + suffix(reach),
            "Ranges of " + length + via(reach),
            "A seek and " + length + " entries from there, of data in disaggregated memory.",
            inDm(scale).withReach(reach),
            stored(scale, "fillrandom[W2-X1],seekrandom[W2-X1]").withCommon("seek_nexts", length))
        .claiming("seekrandom", Claim.RANGES);
  }

  static Experiment ycsb(Scale scale, String workload) {
    long operations = scale.operations() / (workload.equals("e") ? POINTS_A_RANGE : 1);
    Flags flags =
        Flags.NONE
            .with("workload", workload)
            .with("records", scale.storedEntries() / 2)
            .with("operations", operations)
            .with("threads", 4)
            .with("write_buffer_size", scale.writeBufferBytes())
            .with("max_write_buffer_number", Scale.LOCAL_MEMTABLES)
            .with("bloom_bits", 10)
            .with("cache_size", scale.writeBufferBytes());
    return Experiment.of(
        "ycsb-" + workload,
        "YCSB " + workload.toUpperCase(java.util.Locale.ROOT),
        "The stock client with its core workload: records of ten fields of 100 bytes, with the log.",
        scale.single(),
        new Load(
            Load.Tool.YCSB,
            flags,
            Flags.NONE.with("min_write_buffer_number_to_merge", 4),
            Flags.NONE));
  }

  private static String suffix(Topology.Reach reach) {
    return reach == Topology.Reach.TCP ? "" : "-shm";
  }

  private static String via(Topology.Reach reach) {
    return reach == Topology.Reach.TCP ? "" : ", over shared memory";
  }

  private static Topology inDm(Scale scale) {
    return scale.single().withPool(2L * STORED_VALUE * scale.storedEntries());
  }

  private static Load stored(Scale scale, String benchmarks) {
    return scale
        .load(benchmarks)
        .withCommon("num", scale.storedEntries())
        .withCommon("value_size", STORED_VALUE)
        .withCommon("writes", scale.storedEntries() / 4)
        .withCommon("read_duration", Math.max(1, scale.seconds() / 3))
        .withCommon("disable_wal", true)
        .withCommon("warmup_seconds", scale.warmUpSeconds())
        .withOurs("min_write_buffer_number_to_merge", NEVER_FLUSH);
  }
}
