package dwarf.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.bench.report.Machine;
import dwarf.bench.report.Revision;
import dwarf.evaluate.catalog.Experiment;
import dwarf.evaluate.catalog.Scenario;
import dwarf.evaluate.run.Interleaved;
import dwarf.evaluate.run.Progress;
import dwarf.evaluate.run.Turns;
import dwarf.evaluate.testbed.Emulation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An evaluation as a whole: every experiment of the scenarios, both engines in turn, and what came
 * out as JSON. One thread.
 */
public final class Evaluation {

  private static final int FORMAT = 1;

  private final Plan plan;
  private final Class<?> mainClass;
  private final Progress progress;
  private final long startNanos = System.nanoTime();

  /**
   * What is to be done.
   *
   * @param command as typed
   * @param working where testbeds keep their data while they exist
   */
  public record Plan(
      String command, boolean quick, List<Scenario> scenarios, Turns turns, Path working) {}

  /**
   * An evaluation that has not begun.
   *
   * @param mainClass the launcher, which nodes run
   */
  public Evaluation(Plan plan, Class<?> mainClass, Progress progress) {
    this.plan = plan;
    this.mainClass = mainClass;
    this.progress = progress;
  }

  /**
   * Runs everything, a round of each experiment before the next round. A trial that fails is told
   * of in the result, and the others go on.
   *
   * @param soFar is given all there is after each experiment, the last time with everything
   */
  public void run(Consumer<ObjectNode> soFar) {
    ObjectNode json = head();
    Map<Experiment, Duration> took = new HashMap<>();
    try (Interleaved runner = new Interleaved(mainClass, plan.working(), progress)) {
      for (int round = 1; round <= plan.turns().rounds(); round++) {
        for (Experiment experiment : experiments()) {
          Duration before = elapsed();
          if (!plan.turns().include(round, before, took.get(experiment))) {
            progress.leavesRoundOut();
            continue;
          }
          runner.run(experiment, round);
          took.put(experiment, elapsed().minus(before));
          json.set("scenarios", scenarios(runner, took.keySet()));
          json.put("seconds", elapsed().toSeconds());
          testbed(runner.emulation(), json.putObject("testbed"));
          json.set("failures", runner.failures());
          soFar.accept(json);
        }
      }
    }
  }

  private List<Experiment> experiments() {
    return plan.scenarios().stream().flatMap(one -> one.experiments().stream()).toList();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private ObjectNode head() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("revision", Revision.current());
    json.put("command", plan.command());
    json.put("quick", plan.quick());
    json.put("rounds", plan.turns().rounds());
    json.set("machine", Machine.describe());
    return json;
  }

  private ArrayNode scenarios(Interleaved runner, Set<Experiment> begun) {
    ArrayNode scenarios = JsonNodeFactory.instance.arrayNode();
    for (Scenario scenario : plan.scenarios()) {
      ObjectNode one = scenarios.addObject();
      one.put("id", scenario.id()).put("title", scenario.title()).put("about", scenario.about());
      ArrayNode experiments = one.putArray("experiments");
      scenario.experiments().stream()
          .filter(begun::contains)
          .forEach(experiment -> experiments.add(runner.json(experiment)));
    }
    return scenarios;
  }

  private static void testbed(List<Emulation> emulation, ObjectNode json) {
    ArrayNode emulated = json.putArray("emulated");
    ArrayNode missing = json.putArray("missing");
    ArrayNode notes = json.putArray("notes");
    for (Emulation one : emulation) {
      switch (one.status()) {
        case EMULATED -> emulated.addObject().put("what", one.subject()).put("how", one.text());
        case MISSING -> missing.addObject().put("what", one.subject()).put("why", one.text());
        case NOTE -> notes.add(one.subject() + ": " + one.text());
      }
    }
  }
}
