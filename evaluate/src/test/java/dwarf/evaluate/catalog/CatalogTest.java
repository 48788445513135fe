package dwarf.evaluate.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.load.BenchmarkCall;
import dwarf.bench.load.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogTest {

  private static final Set<String> OF_THE_YCSB_COMMAND =
      Set.of("workload", "records", "operations", "threads");

  @Test
  void everyExperimentHasANameOfItsOwn() {
    Set<String> seen = new HashSet<>();
    for (Experiment experiment : experiments(Catalog.full()).toList()) {
      assertThat(experiment.id()).matches("[a-z0-9-]+");
      assertThat(seen.add(experiment.id())).as(experiment.id()).isTrue();
    }
    assertThat(experiments(Catalog.quick()).map(Experiment::id).toList())
        .isNotEmpty()
        .isSubsetOf(seen);
  }

  @Test
  void everyLoadIsOneThatTheBenchmarksTake() {
    for (Experiment experiment : all().toList()) {
      for (Engine engine : Engine.values()) {
        Map<String, String> flags = new TreeMap<>(experiment.load().flags(engine).values());
        if (experiment.load().tool() == Load.Tool.YCSB) {
          flags.keySet().removeAll(OF_THE_YCSB_COMMAND);
        }
        flags.put("engine", engine.name());
        assertThat(BenchFlags.of(flags)).as(experiment.id()).isNotNull();
      }
    }
  }

  /** What is only for one side must be about what the other has not. */
  @Test
  void theEnginesDifferOnlyInWhatIsAboutDisaggregatedMemoryOrIsTriedForThePeer() {
    for (Experiment experiment : all().toList()) {
      assertThat(experiment.load().ours().values().keySet())
          .as(experiment.id())
          .isSubsetOf("min_write_buffer_number_to_merge", "pool_size", "max_shards");
      if (!experiment.id().startsWith("peer-")) {
        assertThat(experiment.load().peer().values()).as(experiment.id()).isEmpty();
      }
    }
  }

  @Test
  void partsAreChosenByScenarioOrExperiment() {
    List<Scenario> some = Catalog.only(Catalog.full(), List.of("published", "burst"));
    assertThat(experiments(some).map(Experiment::id)).containsExactly("burst", "published");
    assertThat(Catalog.only(Catalog.full(), List.of())).isEqualTo(Catalog.full());
    assertThatThrownBy(() -> Catalog.only(Catalog.quick(), List.of("brust")))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("'brust'")
        .hasMessageContaining("burst");
  }

  /** An experiment of a suite without a goal would run and not be shown. */
  @Test
  void everyGoalIsForABenchmarkThatRuns() {
    Set<String> seen = new HashSet<>();
    for (Experiment experiment : experiments(Catalog.speed()).toList()) {
      assertThat(seen.add(experiment.id())).as(experiment.id()).isTrue();
      assertThat(experiment.claims()).as(experiment.id()).isNotEmpty();
      String benchmarks = experiment.load().common().values().get("benchmarks");
      List<String> names =
          Step.parse(benchmarks).stream()
              .filter(BenchmarkCall.class::isInstance)
              .map(step -> ((BenchmarkCall) step).name())
              .toList();
      assertThat(experiment.claims().keySet().stream().map(row -> row.replaceAll(" .*", "")))
          .isSubsetOf(names);
    }
  }

  private static Stream<Experiment> all() {
    return Stream.of(Catalog.full(), Catalog.quick(), Catalog.speed())
        .flatMap(CatalogTest::experiments);
  }

  private static Stream<Experiment> experiments(List<Scenario> scenarios) {
    return scenarios.stream().flatMap(scenario -> scenario.experiments().stream());
  }
}
