package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import dwarf.evaluate.catalog.Sweep;
import dwarf.evaluate.testbed.NodeSpec;
import java.util.List;

/** An experiment and its trials as the report reads them. */
final class ExperimentJson {

  private ExperimentJson() {}

  static ObjectNode of(Experiment experiment, List<TrialResult> trials) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", experiment.id());
    json.put("title", experiment.title());
    json.put("about", experiment.about());
    sweep(experiment.sweep(), json);
    nodes(experiment, json.putArray("nodes"));
    ObjectNode commands = json.putObject("commands");
    for (Engine engine : Engine.values()) {
      ArrayNode lines = commands.putArray(engine.text());
      trials.stream()
          .filter(trial -> trial.engine() == engine)
          .findFirst()
          .ifPresent(trial -> trial.commands().forEach(lines::add));
    }
    json.set("rows", new Rows(experiment, trials).json());
    ArrayNode all = json.putArray("trials");
    trials.forEach(trial -> all.add(TrialJson.of(trial)));
    return json;
  }

  private static void sweep(Sweep sweep, ObjectNode json) {
    if (sweep == null) {
      json.putNull("sweep");
      return;
    }
    json.putObject("sweep")
        .put("group", sweep.group())
        .put("parameter", sweep.parameter())
        .put("value", sweep.value())
        .put("position", sweep.position());
  }

  private static void nodes(Experiment experiment, ArrayNode nodes) {
    int computes = 0;
    for (NodeSpec spec : Machines.specs(experiment.topology())) {
      boolean computing = spec.name().startsWith("compute");
      computes += computing ? 1 : 0;
      boolean busy = computing && computes <= experiment.topology().busy();
      ObjectNode node = nodes.addObject().put("name", spec.name());
      node.put("role", role(spec, busy, experiment.topology().lending()));
      node.put("cores", spec.cores());
      if (spec.storageBytesPerSecond() != NodeSpec.UNLIMITED_STORAGE) {
        node.put("storageBytesPerSecond", spec.storageBytesPerSecond());
      }
    }
  }

  private static String role(NodeSpec spec, boolean busy, boolean lending) {
    if (spec.name().equals("memory")) {
      return "lends memory; only ours has use for it";
    }
    if (spec.name().startsWith("worker")) {
      return "lends a worker; only ours has use for it";
    }
    String role = busy ? "the load and the engine" : "idle";
    return lending ? role + ", and for ours a worker" : role;
  }
}
