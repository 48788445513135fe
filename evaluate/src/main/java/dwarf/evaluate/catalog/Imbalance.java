package dwarf.evaluate.catalog;

import java.util.List;

/** What idle neighbours are worth. */
final class Imbalance {

  private static final int NODES = 4;

  private Imbalance() {}

  static Scenario all(Scale scale) {
    return new Scenario(
        "imbalance",
        "Busy and idle neighbours",
        "Four compute nodes of 0.4 cores, each of which also lends a worker, and a memory node of"
            + " 0.4. Figures are of all busy nodes together; plots over time are of the first.",
        List.of(oneBusy(scale), allBusy(scale)));
  }

  static Experiment oneBusy(Scale scale) {
    return Experiment.of(
        "one-busy",
        "One node busy, three idle",
        "The best case for lending: there is always somebody with time.",
        Topology.neighbours(1, NODES - 1, scale.pool(8), Scale.STORAGE),
        load(scale));
  }

  private static Experiment allBusy(Scale scale) {
    return Experiment.of(
        "all-busy",
        "Four nodes equally busy",
        "The worst case: nobody has time, and disaggregated memory is shared by four.",
        Topology.neighbours(NODES, 0, scale.pool(8), Scale.STORAGE),
        load(scale));
  }

  private static Load load(Scale scale) {
    return scale.timedWrites("fillrandom").withCommon("threads", 2).withCommon("disable_wal", true);
  }
}
