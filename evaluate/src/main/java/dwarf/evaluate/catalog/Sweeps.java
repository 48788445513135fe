package dwarf.evaluate.catalog;

import java.util.ArrayList;
import java.util.List;

/** How the figures depend on one thing at a time; all else as in sustained random writes. */
final class Sweeps {

  private static final int SECONDS = 5;

  /** Seconds of each of two. */
  private static final int WARM_UP = 1;

  private static final long MIB = 1L << 20;

  /** About what is written in the same time whatever the size of a value. */
  private static final long VALUE_BYTES_OF_ALL_KEYS = 500 * MIB;

  private final Scale scale;
  private final List<Experiment> experiments = new ArrayList<>();

  private Sweeps(Scale scale) {
    this.scale = scale;
  }

  static Scenario all(Scale scale) {
    Sweeps sweeps = new Sweeps(scale);
    sweeps.dm();
    sweeps.storage();
    sweeps.log();
    sweeps.values();
    sweeps.workers();
    sweeps.shards();
    return new Scenario(
        "sweeps",
        "One thing at a time",
        "Random writes for "
            + SECONDS
            + " seconds with memtables of 8 MiB, without the log unless it is what is varied.",
        sweeps.experiments);
  }

  private Load load() {
    return scale
        .timedWrites("fillrandom")
        .withCommon("duration", SECONDS)
        .withCommon("warmup_seconds", WARM_UP)
        .withCommon("disable_wal", true);
  }

  private void add(String group, String parameter, Point point, Topology topology, Load load) {
    Sweep sweep = new Sweep(group, parameter, point.value(), point.position());
    experiments.add(Experiment.of(sweep, topology, load));
  }

  private record Point(String value, double position) {

    static Point of(long value) {
      return new Point(Long.toString(value), value);
    }
  }

  private void dm() {
    for (int times : new int[] {0, 1, 2, 4, 8}) {
      Load load = times == 0 ? load().withOurs("pool_size", 0) : load();
      Point point = new Point(times + "x", times);
      Topology topology = scale.single().withPool(scale.pool(times));
      add("dm", "DM as a multiple of local memory", point, topology, load);
    }
  }

  private void shards() {
    for (int shards : new int[] {1, 4, 8, 32}) {
      Load load = load().withOurs("max_shards", shards);
      add("shards", "Most shards of a memtable", Point.of(shards), scale.single(), load);
    }
  }

  private void workers() {
    for (int workers : new int[] {0, 1, 2, 4}) {
      Topology topology = scale.single().withWorkers(workers);
      add("workers", "Workers of 0.3 cores", Point.of(workers), topology, load());
    }
  }

  private void values() {
    for (int bytes : new int[] {64, 256, 1024, 4096, 65536}) {
      Load load =
          load().withCommon("value_size", bytes).withCommon("num", VALUE_BYTES_OF_ALL_KEYS / bytes);
      add("values", "Bytes of a value", Point.of(bytes), scale.single(), load);
    }
  }

  private void storage() {
    for (int rate : new int[] {10, 20, 40, 80, 160}) {
      Topology topology = scale.single().withStorage(rate * MIB);
      add("storage", "Storage, MiB a second", Point.of(rate), topology, load());
    }
  }

  private void log() {
    add("log", "Write-ahead log", new Point("off", 0), scale.single(), load());
    Load on = load().withCommon("disable_wal", false);
    add("log", "Write-ahead log", new Point("on", 1), scale.single(), on);
    Load sync = on.withCommon("sync", true);
    add("log", "Write-ahead log", new Point("sync", 2), scale.single(), sync);
  }
}
