package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import dwarf.evaluate.testbed.Emulation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Runs experiments: the engines take turns, and who begins changes with each round, so that what
 * drifts on the machine (its disk, its neighbours, its temperature) does not favour one of them.
 * Machines stay while the next experiment wants the same ones, unless a trial has failed on them.
 */
public final class Interleaved implements AutoCloseable {

  private final Class<?> mainClass;
  private final Path working;
  private final Progress progress;
  private final ArrayNode failures = JsonNodeFactory.instance.arrayNode();
  private final Map<Experiment, List<TrialResult>> results = new HashMap<>();
  private Machines machines;
  private List<Emulation> emulation = List.of();

  public Interleaved(Class<?> mainClass, Path working, Progress progress) {
    this.mainClass = mainClass;
    this.working = working;
    this.progress = progress;
  }

  /** One turn of each engine, the first round being 1. */
  public void run(Experiment experiment, int round) {
    boolean peerFirst = round % 2 == 1;
    trial(experiment, peerFirst ? Engine.ROCKSDB : Engine.DWARF, round);
    trial(experiment, peerFirst ? Engine.DWARF : Engine.ROCKSDB, round);
  }

  /** The experiment with its results so far, as the report reads it. */
  public ObjectNode json(Experiment experiment) {
    return ExperimentJson.of(experiment, results.getOrDefault(experiment, List.of()));
  }

  private void trial(Experiment experiment, Engine engine, int round) {
    progress.begins(experiment, engine, round);
    try {
      prepare(experiment);
      TrialResult result = new Trial(machines, experiment, engine, round).run();
      results.computeIfAbsent(experiment, any -> new ArrayList<>()).add(result);
      progress.ends(inShort(result));
    } catch (DwarfException e) {
      close();
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      failures
          .addObject()
          .put("experiment", experiment.id())
          .put("engine", engine.text())
          .put("round", round)
          .put("message", e.getMessage());
      progress.fails(e.getMessage());
    }
  }

  private void prepare(Experiment experiment) {
    if (machines != null && !machines.topology().equals(experiment.topology())) {
      close();
    }
    if (machines == null) {
      machines = Machines.start(mainClass, working, experiment.topology());
      emulation = machines.testbed().emulation();
    }
  }

  /** Ends the machines that are still there. */
  @Override
  public void close() {
    if (machines != null) {
      Machines last = machines;
      machines = null;
      last.close();
    }
  }

  private static String inShort(TrialResult result) {
    return StreamSupport.stream(result.loads().getFirst().path("results").spliterator(), false)
        .map(one -> one.path("benchmark").asText() + " " + rate(one, result.loads().size()))
        .collect(Collectors.joining(", "));
  }

  private static String rate(JsonNode result, int nodes) {
    String rate = String.format(Locale.ROOT, "%,.0f ops/s", result.path("opsPerSecond").asDouble());
    return nodes == 1 ? rate : rate + " on the first of " + nodes + " nodes";
  }

  /** Trials that failed, and why. */
  public ArrayNode failures() {
    return failures;
  }

  /** What the last machines emulated. */
  public List<Emulation> emulation() {
    return emulation;
  }
}
