package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/** A trial as the report reads it. */
final class TrialJson {

  private static final Map<String, String> PLACES =
      Map.of(
          "memtables", "memtables here",
          "dm", "memtables in DM",
          "blockCache", "block cache",
          "process", "process");

  private TrialJson() {}

  static ObjectNode of(TrialResult trial) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("engine", trial.engine().name().toLowerCase(Locale.ROOT));
    json.put("round", trial.round());
    json.put("seconds", trial.seconds());
    ArrayNode benchmarks = json.putArray("benchmarks");
    trial.loads().getFirst().path("results").forEach(result -> benchmarks.add(overTime(result)));
    Bytes bytes = Bytes.of(trial.loads());
    if (!bytes.byPath().isEmpty()) {
      ObjectNode byPath = json.putObject("bytes");
      bytes.byPath().forEach(byPath::put);
      json.put("writeAmplification", bytes.writeAmplification());
      json.put("drainSeconds", drain(trial));
    }
    ObjectNode cpu = json.putObject("cpuSeconds");
    ObjectNode storage = json.putObject("storage");
    trial
        .use()
        .forEach(
            (node, use) -> {
              cpu.put(node, use.cpuSeconds());
              if (use.written() >= 0) {
                storage.putObject(node).put("written", use.written()).put("read", use.read());
              }
            });
    return json;
  }

  private static ObjectNode overTime(JsonNode result) {
    ObjectNode benchmark = JsonNodeFactory.instance.objectNode();
    benchmark.set("benchmark", result.path("benchmark"));
    benchmark.set("seconds", result.path("seconds"));
    JsonNode throughput = result.path("throughput");
    if (!throughput.isMissingNode()) {
      benchmark.put("longestStallSeconds", longestStall(throughput));
      benchmark.set("throughput", throughput);
      memory(result.path("memoryBytes"), benchmark.putObject("memory"));
    }
    return benchmark;
  }

  private static void memory(JsonNode memory, ObjectNode into) {
    into.set("endSeconds", memory.path("endSeconds"));
    ObjectNode series = into.putObject("series");
    PLACES.keySet().stream()
        .sorted()
        .forEach(place -> series.set(PLACES.get(place), memory.path(place)));
  }

  /** The longest time in which no operation at all ended. */
  private static double longestStall(JsonNode throughput) {
    JsonNode ends = throughput.path("endSeconds");
    JsonNode rates = throughput.path("opsPerSecond");
    double longest = 0;
    double since = 0;
    for (int i = 0; i < ends.size(); i++) {
      double end = ends.get(i).asDouble();
      if (rates.get(i).asLong() > 0) {
        since = end;
      }
      longest = Math.max(longest, end - since);
    }
    return longest;
  }

  /** After the last benchmark, until all was stored and compacted: of the slowest node. */
  private static double drain(TrialResult trial) {
    double slowest = 0;
    for (JsonNode load : trial.loads()) {
      double seconds = 0;
      for (JsonNode done : load.path("between")) {
        seconds += done.path("seconds").asDouble();
      }
      slowest = Math.max(slowest, seconds);
    }
    return slowest;
  }
}
