package dwarf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.evaluate.Evaluation;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import dwarf.evaluate.catalog.Flags;
import dwarf.evaluate.catalog.Load;
import dwarf.evaluate.catalog.Scenario;
import dwarf.evaluate.catalog.Topology;
import dwarf.evaluate.report.HtmlPage;
import dwarf.evaluate.run.Progress;
import dwarf.evaluate.run.Turns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, with real processes and whatever quotas the machine has, and little data. */
class EvaluateTest {

  private static final long MIB = 1L << 20;

  @TempDir Path working;

  private static final class Told implements Progress {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void begins(Experiment experiment, Engine engine, int round) {
      lines.add(experiment.id() + " " + engine.text() + " " + round);
    }

    @Override
    public void ends(String outcome) {
      lines.add(outcome);
    }

    @Override
    public void leavesRoundOut() {
      lines.add("a round left out");
    }

    @Override
    public void fails(String reason) {
      lines.add(reason);
    }
  }

  private static Experiment experiment(String id, Load load) {
    Topology.Pool pool = new Topology.Pool(64 * MIB, Topology.Reach.TCP);
    Topology topology = new Topology(1, 0, false, 1, 1.0, 100 * MIB, pool);
    return new Experiment(id, "Small", "A test.", null, topology, load, Map.of());
  }

  private static Load bench() {
    Flags flags =
        Flags.NONE
            .with("benchmarks", "fillrandom,readrandom,flush,waitforcompaction")
            .with("num", 20_000)
            .with("write_buffer_size", 256 << 10)
            .with("statistics", true);
    return new Load(Load.Tool.BENCH, flags, Flags.NONE, Flags.NONE);
  }

  private static Load ycsb() {
    Flags flags = Flags.NONE.with("workload", "a").with("records", 500).with("operations", 500);
    return new Load(Load.Tool.YCSB, flags, Flags.NONE, Flags.NONE);
  }

  private ObjectNode evaluate(Told told, Experiment... experiments) {
    Scenario scenario = new Scenario("small", "Small", "A test.", List.of(experiments));
    Evaluation.Plan plan =
        new Evaluation.Plan("./dwarf evaluate", true, List.of(scenario), Turns.of(1), working);
    AtomicReference<ObjectNode> last = new AtomicReference<>();
    new Evaluation(plan, DwarfCli.class, told).run(last::set);
    return last.get();
  }

  @Test
  @Timeout(240)
  void bothEnginesAreMeasuredOnTheTestbed() throws Exception {
    Told told = new Told();
    ObjectNode json = evaluate(told, experiment("bench", bench()), experiment("ycsb-a", ycsb()));
    assertThat(json.path("failures")).as(told.lines.toString()).isEmpty();
    JsonNode first = json.path("scenarios").get(0).path("experiments").get(0);
    assertThat(first.path("rows").findValuesAsText("benchmark"))
        .containsExactly("fillrandom", "fillrandom write p99", "readrandom", "readrandom read p99");
    for (JsonNode row : first.path("rows")) {
      assertThat(row.path("ours").path("median").asDouble()).isPositive();
      assertThat(row.path("peer").path("median").asDouble()).isPositive();
    }
    JsonNode ours = first.path("trials").get(1);
    assertThat(ours.path("engine").asText()).isEqualTo("dwarf");
    assertThat(ours.path("bytes").path("shipped to DM").asLong()).isPositive();
    assertThat(ours.path("cpuSeconds").path("memory").asDouble()).isPositive();
    assertThat(first.path("commands").path("dwarf").toString())
        .contains("./dwarf memory-node")
        .contains("./dwarf worker")
        .contains("./dwarf bench");
    JsonNode second = json.path("scenarios").get(0).path("experiments").get(1);
    assertThat(second.path("rows").get(0).path("benchmark").asText()).isEqualTo("ycsb-a");
    assertThat(HtmlPage.of(json)).contains("fillrandom");
    try (var left = Files.list(working)) {
      assertThat(left).allMatch(path -> path.getFileName().toString().equals("logs"));
    }
  }

  @Test
  @Timeout(240)
  void aTrialThatFailsIsToldOfAndTheOthersGoOn() {
    Told told = new Told();
    Load bad =
        new Load(
            Load.Tool.BENCH,
            Flags.NONE.with("benchmarks", "readrandom").with("num", 100),
            Flags.NONE,
            Flags.NONE);
    ObjectNode json = evaluate(told, experiment("bad", bad), experiment("ycsb-a", ycsb()));
    assertThat(json.path("failures")).hasSize(2);
    assertThat(json.path("failures").get(0).path("message").asText())
        .contains("readrandom found none");
    assertThat(json.path("scenarios").get(0).path("experiments").get(1).path("rows")).isNotEmpty();
  }
}
