package dwarf.evaluate.catalog;

import java.util.List;

/** How fast it takes writes. */
final class Writes {

  private static final String WITHOUT_LOG = " Without the log, as in the published comparison.";

  private Writes() {}

  static Scenario all(Scale scale) {
    return new Scenario(
        "writes",
        "Writes",
        "One compute node of 0.8 cores writes; a memory node of 0.4 and two workers of 0.3 cores"
            + " stand by.",
        List.of(
            burst(scale),
            sustained(scale),
            sustainedWithLog(scale),
            overwrite(scale),
            fixedRate(scale)));
  }

  static Experiment burst(Scale scale) {
    Load load =
        scale
            .load("fillrandom[W2-X1],flush,waitforcompaction")
            .withCommon("warmup_seconds", scale.warmUpSeconds())
            .withCommon("writes", scale.burstEntries() / 4)
            .withCommon("disable_wal", true);
    return Experiment.of(
            "burst",
            "Burst that fits DM",
            "More than local memory holds, less than disaggregated memory does." + WITHOUT_LOG,
            scale.single(),
            load)
        .claiming("fillrandom", Claim.WRITES);
  }

  static Experiment sustained(Scale scale) {
    return Experiment.of(
            "sustained",
            "Sustained random writes",
            "Several times what disaggregated memory holds, with compactions." + WITHOUT_LOG,
            scale.single(),
            scale.timedWrites("fillrandom").withCommon("disable_wal", true))
        .claiming("fillrandom", Claim.SUSTAINED)
        .claiming("fillrandom write p99", Claim.WRITE_P99);
  }

  static Experiment sustainedWithLog(Scale scale) {
    return Experiment.of(
        "sustained-log",
        "Sustained random writes with the log",
        "The same with the write-ahead log on the throttled storage, unsynced, as both engines come.",
        scale.single(),
        scale.timedWrites("fillrandom"));
  }

  private static Experiment overwrite(Scale scale) {
    return Experiment.of(
        "overwrite-zipfian",
        "Overwrites of few keys",
        "Zipfian keys: much of what is written replaces what is still in memory." + WITHOUT_LOG,
        scale.single(),
        scale
            .timedWrites("fillrandom")
            .withCommon("key_distribution", "zipfian")
            .withCommon("disable_wal", true));
  }

  private static Experiment fixedRate(Scale scale) {
    return Experiment.of(
        "fixed-rate",
        "Latency at a fixed rate",
        "Writes on a schedule of 10,000 a second, with the log; latency counts from when each was"
            + " due.",
        scale.single(),
        scale.timedWrites("fillrandom").withCommon("ops_per_sec", 10_000));
  }
}
