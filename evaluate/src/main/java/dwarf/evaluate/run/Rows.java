package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.bench.report.Spread;
import dwarf.evaluate.catalog.Claim;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * The rows of an experiment's table: for each benchmark its throughput, all busy nodes together,
 * and for each kind of operation the 99th percentile of latency, of the slowest node. A row is
 * there as soon as one of the engines has a figure for it.
 */
final class Rows {

  private static final List<String> PERCENTILES = List.of("p50", "p95", "p99", "p99.9", "max");

  private final Experiment experiment;
  private final List<TrialResult> trials;

  Rows(Experiment experiment, List<TrialResult> trials) {
    this.experiment = experiment;
    this.trials = trials;
  }

  ArrayNode json() {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    Set<String> benchmarks = new LinkedHashSet<>();
    trials.stream()
        .flatMap(trial -> trial.loads().stream())
        .flatMap(load -> load.path("results").findValuesAsText("benchmark").stream())
        .forEach(benchmarks::add);
    for (String benchmark : benchmarks) {
      ObjectNode throughput = row(benchmark, "ops/s", "higher", true);
      figures(throughput, benchmark, result -> result.path("opsPerSecond").asDouble(Double.NaN));
      ObjectNode latency = throughput.putObject("latency");
      latency.set("ours", latencies(Engine.DWARF, benchmark));
      latency.set("peer", latencies(Engine.ROCKSDB, benchmark));
      rows.add(throughput);
      for (String type : types(benchmark)) {
        ObjectNode row = row(benchmark + " " + type + " p99", "\u00b5s", "lower", false);
        figures(
            row,
            benchmark,
            result -> result.path("latencyMicros").path(type).path("p99").asDouble(Double.NaN));
        rows.add(row);
      }
    }
    return rows;
  }

  private ObjectNode row(String name, String unit, String better, boolean sums) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("benchmark", name).put("unit", unit).put("better", better).put("sums", sums);
    Claim claim = experiment.claims().get(name);
    if (claim != null) {
      row.putObject("claim").put("text", claim.text()).put("setting", claim.setting());
    }
    return row;
  }

  /** A figure of one node's result; NaN if it has none. */
  private interface Figure {
    double of(JsonNode result);
  }

  private void figures(ObjectNode row, String benchmark, Figure figure) {
    boolean sums = row.remove("sums").asBoolean();
    double[] ours = values(Engine.DWARF, benchmark, figure, sums);
    double[] peers = values(Engine.ROCKSDB, benchmark, figure, sums);
    side(row, "ours", ours);
    side(row, "peer", peers);
    if (ours.length > 0 && peers.length > 0 && Spread.of(peers).median() > 0) {
      row.put("ratio", Spread.of(ours).median() / Spread.of(peers).median());
    }
  }

  /** One value for each trial of the engine in which every node has one. */
  private double[] values(Engine engine, String benchmark, Figure figure, boolean sums) {
    return trials.stream()
        .filter(trial -> trial.engine() == engine)
        .mapToDouble(
            trial -> {
              double[] nodes =
                  trial.loads().stream()
                      .mapToDouble(load -> figure.of(result(load, benchmark)))
                      .toArray();
              double total = 0;
              for (double node : nodes) {
                total = sums || Double.isNaN(node) ? total + node : Math.max(total, node);
              }
              return total;
            })
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }

  private static void side(ObjectNode row, String name, double[] values) {
    if (values.length == 0) {
      return;
    }
    Spread spread = Spread.of(values);
    ObjectNode side = row.putObject(name);
    ArrayNode all = side.putArray("values");
    for (double value : values) {
      all.add(value);
    }
    side.put("median", spread.median()).put("least", spread.least()).put("most", spread.most());
  }

  private Set<String> types(String benchmark) {
    Set<String> types = new TreeSet<>();
    for (TrialResult trial : trials) {
      result(trial.loads().getFirst(), benchmark)
          .path("latencyMicros")
          .fieldNames()
          .forEachRemaining(types::add);
    }
    return types;
  }

  private ObjectNode latencies(Engine engine, String benchmark) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    for (String type : types(benchmark)) {
      ObjectNode percentiles = JsonNodeFactory.instance.objectNode();
      for (String percentile : PERCENTILES) {
        double[] values =
            values(
                engine,
                benchmark,
                result ->
                    result.path("latencyMicros").path(type).path(percentile).asDouble(Double.NaN),
                false);
        if (values.length > 0) {
          percentiles.put(percentile, Spread.of(values).median());
        }
      }
      if (!percentiles.isEmpty()) {
        all.set(type, percentiles);
      }
    }
    return all;
  }

  /** A missing node if there is none. */
  private static JsonNode result(JsonNode load, String benchmark) {
    return StreamSupport.stream(load.path("results").spliterator(), false)
        .filter(result -> result.path("benchmark").asText().equals(benchmark))
        .findFirst()
        .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
  }
}
