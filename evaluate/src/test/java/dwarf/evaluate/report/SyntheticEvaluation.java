package dwarf.evaluate.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * An evaluation that nobody ran, of the shape a real one has: three scenarios, a sweep of five, a
 * side that failed, an experiment that came to nothing, stalls, and texts that look like markup.
 * The seed decides everything.
 */
final class SyntheticEvaluation {

  static final String MARKUP = "</script><script>document.title='broken out'</script><b>bold</b>";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SyntheticTrials trials;
  private final ObjectNode root = MAPPER.createObjectNode();

  private SyntheticEvaluation(long seed) {
    trials = new SyntheticTrials(seed);
  }

  static ObjectNode of(long seed) {
    SyntheticEvaluation evaluation = new SyntheticEvaluation(seed);
    evaluation.head();
    evaluation.testbed();
    ArrayNode scenarios = evaluation.root.putArray("scenarios");
    evaluation.writes(scenarios);
    evaluation.reads(scenarios);
    evaluation.sizes(scenarios);
    return evaluation.root;
  }

  /** What an evaluation is if nothing of it could be run. */
  static ObjectNode empty() {
    SyntheticEvaluation evaluation = new SyntheticEvaluation(0);
    evaluation.head();
    evaluation.root.putArray("failures");
    ObjectNode testbed = evaluation.root.putObject("testbed");
    List.of("emulated", "missing", "notes").forEach(testbed::putArray);
    evaluation.root.putArray("scenarios");
    return evaluation.root;
  }

  private void head() {
    root.put("format", 1).put("started", "2026-11-23T07:00:00Z").put("revision", "b8eb9fe01c");
    root.put("command", "./dwarf evaluate --quick").put("quick", true);
    root.put("rounds", 3).put("seconds", 287);
    ObjectNode machine = root.putObject("machine");
    machine.put("cpus", 2).put("memoryBytes", 8_253_210_624L).put("os", "Linux 5.15.0");
    machine.put("architecture", "amd64").put("jvm", "OpenJDK 25+36").put("heapBytes", 1L << 30);
    machine.putArray("jvmFlags").add("-Xmx1g").add("-XX:+UseZGC");
  }

  private void testbed() {
    ObjectNode testbed = root.putObject("testbed");
    ArrayNode emulated = testbed.putArray("emulated");
    emulated.addObject().put("what", "CPU quota").put("how", "cgroup v1 cpu.cfs_quota_us");
    emulated.addObject().put("what", "node boundaries").put("how", "a process per node, TCP");
    testbed
        .putArray("missing")
        .addObject()
        .put("what", "storage quota")
        .put("why", "bindfs is not installed: apt-get install bindfs");
    testbed.putArray("notes").add("Page cache effects are those of one machine.").add(MARKUP);
    ObjectNode failure = root.putArray("failures").addObject();
    failure.put("experiment", "updates").put("engine", "rocksdb").put("round", 2);
    failure.put("message", "no result after 120 s; last line of its output:\n  " + MARKUP);
  }

  private ArrayNode scenario(ArrayNode scenarios, String id, String title, String about) {
    return scenarios
        .addObject()
        .put("id", id)
        .put("title", title)
        .put("about", about)
        .putArray("experiments");
  }

  private void writes(ArrayNode scenarios) {
    ArrayNode experiments =
        scenario(scenarios, "write", "Writes", "Random writes, with and without room in DM.");
    ObjectNode burst = experiment(experiments, "burst", "Burst that fits DM");
    burst.putNull("sweep");
    trials.measure(burst, "fillrandom", 61_000, 32_000);
    burst.withArray("rows").forEach(row -> claim((ObjectNode) row));
    trials.finish(burst);
    ObjectNode updates = experiment(experiments, "updates", "Updates <b>in bold</b>");
    updates.putNull("sweep");
    trials.measure(updates, "overwrite", 40_000, 0);
    trials.finish(updates);
    ObjectNode nothing = experiment(experiments, "nothing", "An experiment that did not start");
    nothing.putNull("sweep");
  }

  private void reads(ArrayNode scenarios) {
    ArrayNode experiments =
        scenario(scenarios, "read", "Reads", "Point reads and reads beside writes.");
    ObjectNode mixed = experiment(experiments, "mixed", "Reads after a load, then beside writes");
    mixed.putNull("sweep");
    trials.measure(mixed, "readrandom", 88_000, 91_000);
    trials.measure(mixed, "readrandomwriterandom", 31_000, 52_000);
    trials.finish(mixed);
  }

  private void sizes(ArrayNode scenarios) {
    ArrayNode experiments =
        scenario(scenarios, "size", "Size of DM", "The same load with more and more memory.");
    for (double size : new double[] {0.5, 1, 2, 4, 8}) {
      String value = (size < 1 ? "0.5" : Integer.toString((int) size)) + "x";
      ObjectNode experiment = experiment(experiments, "dm-" + value, "DM of " + value);
      experiment
          .putObject("sweep")
          .put("parameter", "DM size, of the data")
          .put("value", value)
          .put("position", size)
          .put("group", "dm-size");
      trials.measure(experiment, "fillrandom", 30_000 + 5_500 * size, 31_000);
      trials.finish(experiment);
    }
  }

  private static ObjectNode experiment(ArrayNode experiments, String id, String title) {
    ObjectNode experiment = experiments.addObject().put("id", id).put("title", title);
    experiment.put("about", "A load of 20 s on one compute node, then its drain.");
    ArrayNode nodes = experiment.putArray("nodes");
    nodes
        .addObject()
        .put("name", "compute")
        .put("role", "the load and the engine")
        .put("cores", 1.0)
        .put("storageBytesPerSecond", 41_943_040);
    nodes.addObject().put("name", "memory").put("role", "disaggregated memory").put("cores", 0.5);
    nodes.addObject().put("name", "worker-1").put("role", "flush, compaction").put("cores", 0.5);
    ObjectNode commands = experiment.putObject("commands");
    commands
        .putArray("dwarf")
        .add("./dwarf memory-node --capacity=1g --listen=tcp://127.0.0.1:7000")
        .add("./dwarf bench --benchmarks=fillrandom --num=4000000 --value_size=100 --threads=2");
    commands.putArray("rocksdb").add("./dwarf bench --engine=rocksdb --benchmarks=fillrandom");
    experiment.putArray("rows");
    experiment.putArray("trials");
    return experiment;
  }

  private static void claim(ObjectNode row) {
    row.putObject("claim")
        .put("text", "4.5x")
        .put("setting", "RDMA cluster, 24 cores, 100 GB of data");
  }
}
