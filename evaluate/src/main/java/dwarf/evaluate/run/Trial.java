package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.base.DwarfException;
import dwarf.bench.StageSignals;
import dwarf.bench.load.Stage;
import dwarf.bench.report.JsonFile;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import dwarf.evaluate.catalog.Load;
import dwarf.evaluate.testbed.Node;
import dwarf.evaluate.testbed.NodeProcess;
import dwarf.evaluate.testbed.NodeSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One engine, one experiment, one round: processes and databases of its own on machines that are
 * there already.
 */
final class Trial {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Machines machines;
  private final Experiment experiment;
  private final Engine engine;
  private final int round;

  Trial(Machines machines, Experiment experiment, Engine engine, int round) {
    this.machines = machines;
    this.experiment = experiment;
    this.engine = engine;
    this.round = round;
  }

  TrialResult run() {
    long start = System.nanoTime();
    List<Running> loads = new ArrayList<>();
    try (Quotas quotas = new Quotas(machines, experiment.load().tool() == Load.Tool.BENCH)) {
      for (Node node : machines.busy()) {
        loads.add(start(node, loads.size() + 1));
      }
      conduct(loads, quotas);
      double seconds = (System.nanoTime() - start) / 1e9;
      List<JsonNode> told = loads.stream().map(this::result).toList();
      loads.forEach(load -> machines.testbed().discard(load.process().child().name()));
      return new TrialResult(engine, round, seconds, told, quotas.used(), commands(loads));
    }
  }

  /** Lets all loads go from stage to stage together, with the quotas of the stage. */
  private static void conduct(List<Running> loads, Quotas quotas) {
    List<Running> going = new ArrayList<>(loads);
    while (!going.isEmpty()) {
      Map<Running, Optional<String>> stages = new LinkedHashMap<>();
      going.forEach(load -> stages.put(load, load.nextStage()));
      going.removeIf(load -> stages.get(load).isEmpty());
      if (!going.isEmpty()) {
        quotas.enter(Stage.valueOf(stages.get(going.getFirst()).orElseThrow()));
        going.forEach(load -> load.process().child().send("go"));
      }
    }
  }

  private List<String> commands(List<Running> loads) {
    List<String> commands = new ArrayList<>(usesDm() ? machines.commands() : List.of());
    loads.forEach(load -> commands.add(load.process().commandLine()));
    return commands;
  }

  private boolean usesDm() {
    return engine == Engine.DWARF && machines.memoryNode() != null;
  }

  /** The load of one node. */
  private record Running(NodeProcess process, Path json, YcsbOutput ycsb) {

    /** The stage that it asks for; empty if it has ended. */
    Optional<String> nextStage() {
      Optional<String> line = process.child().next(PATIENCE);
      while (line.isPresent() && !line.get().startsWith(StageSignals.LINE)) {
        ycsb.line(line.get());
        line = process.child().next(PATIENCE);
      }
      return line.map(text -> text.substring(StageSignals.LINE.length()));
    }
  }

  private Running start(Node node, int number) {
    String name = "%s-%s-%d-%d".formatted(experiment.id(), engine.text(), round, number);
    Path json = machines.testbed().logs().resolve(name + ".json");
    LoadCommand command =
        new LoadCommand(
            experiment.load(), engine, round, usesDm() ? machines.memoryNode() : null, json);
    return new Running(
        node.start(name, jvmFlags(node), command.on(node, name, number)),
        json,
        new YcsbOutput("ycsb-" + experiment.load().common().values().get("workload")));
  }

  /** The same for either engine; sized by the quota, also while that is lifted. */
  private static List<String> jvmFlags(Node node) {
    return node.spec().cores() == NodeSpec.UNLIMITED_CORES
        ? List.of("-Xmx512m")
        : List.of("-Xmx512m", "-XX:ActiveProcessorCount=" + (int) Math.ceil(node.spec().cores()));
  }

  private JsonNode result(Running load) {
    if (load.process().child().exitStatus() != 0) {
      throw DwarfException.unavailable("the load failed: " + load.process().child().lastWords());
    }
    return experiment.load().tool() == Load.Tool.YCSB
        ? load.ycsb().json()
        : JsonFile.read(load.json());
  }
}
