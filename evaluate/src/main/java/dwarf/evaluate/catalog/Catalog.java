package dwarf.evaluate.catalog;

import dwarf.base.DwarfException;
import java.util.List;
import java.util.stream.Collectors;

/** All there is to measure. */
public final class Catalog {

  private Catalog() {}

  /** Everything, with enough time for each. */
  public static List<Scenario> full() {
    Scale scale = Scale.FULL;
    return List.of(
        Writes.all(scale),
        Reads.all(scale),
        Imbalance.all(scale),
        Published.all(scale),
        Sweeps.all(Scale.QUICK),
        Published.peerOptions(scale));
  }

  /** One or two of each kind, in five minutes. */
  public static List<Scenario> quick() {
    Scale scale = Scale.QUICK;
    return List.of(
        part(Writes.all(scale), Writes.burst(scale), Writes.sustained(scale)),
        part(Reads.all(scale), Reads.lookups(scale, Topology.Reach.TCP)),
        part(Imbalance.all(scale), Imbalance.oneBusy(scale)));
  }

  /** The goals of this project, in less than 20 minutes. */
  public static List<Scenario> speed() {
    return Speed.all();
  }

  private static Scenario part(Scenario scenario, Experiment... experiments) {
    return new Scenario(scenario.id(), scenario.title(), scenario.about(), List.of(experiments));
  }

  /**
   * What is left of {@code scenarios}.
   *
   * @param wanted ids of scenarios or experiments; empty: all
   */
  public static List<Scenario> only(List<Scenario> scenarios, List<String> wanted) {
    if (wanted.isEmpty()) {
      return scenarios;
    }
    for (String id : wanted) {
      if (ids(scenarios).stream().noneMatch(id::equals)) {
        throw DwarfException.invalid(
            "there is no scenario or experiment '"
                + id
                + "'; there are "
                + ids(scenarios).stream().collect(Collectors.joining(", ")));
      }
    }
    return scenarios.stream()
        .map(scenario -> wanted.contains(scenario.id()) ? scenario : only(scenario, wanted))
        .filter(scenario -> !scenario.experiments().isEmpty())
        .toList();
  }

  private static Scenario only(Scenario scenario, List<String> wanted) {
    return part(
        scenario,
        scenario.experiments().stream()
            .filter(experiment -> wanted.contains(experiment.id()))
            .toArray(Experiment[]::new));
  }

  private static List<String> ids(List<Scenario> scenarios) {
    return scenarios.stream()
        .flatMap(
            scenario ->
                java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(scenario.id()),
                    scenario.experiments().stream().map(Experiment::id)))
        .toList();
  }
}
