package dwarf.evaluate.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The measured part of an experiment that nobody ran: rates with stalls, memory, bytes, CPU. */
final class SyntheticTrials {

  private static final int ROUNDS = 3;
  private static final int INTERVALS = 200;
  private static final double INTERVAL_SECONDS = 0.1;
  private static final List<String> ENGINES = List.of("dwarf", "rocksdb");
  private static final String[] PERCENTILES = {"p50", "p95", "p99", "p99.9", "max"};
  private static final long MEBIBYTE = 1 << 20;

  private final Random random;

  SyntheticTrials(long seed) {
    random = new Random(seed);
  }

  /** Adds a benchmark to every round of both engines; a rate of zero: that engine failed. */
  void measure(ObjectNode experiment, String benchmark, double ours, double peer) {
    ObjectNode row = experiment.withArray("rows").addObject();
    row.put("benchmark", benchmark).put("unit", "ops/s");
    ObjectNode latency = row.putObject("latency");
    double[] rates = {ours, peer};
    double[] medians = new double[2];
    for (int side = 0; side < 2; side++) {
      if (rates[side] > 0) {
        String name = side == 0 ? "ours" : "peer";
        medians[side] = rounds(experiment, row.putObject(name), benchmark, side, rates[side]);
        latencies(latency.putObject(name), benchmark, 2e6 / rates[side]);
      }
    }
    if (medians[0] > 0 && medians[1] > 0) {
      row.put("ratio", medians[0] / medians[1]);
    }
  }

  /** Adds what belongs to a whole run, after its benchmarks. */
  void finish(ObjectNode experiment) {
    experiment.withArray("trials").forEach(trial -> whole((ObjectNode) trial));
  }

  private double rounds(
      ObjectNode experiment, ObjectNode result, String benchmark, int side, double rate) {
    double[] values = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      values[round] = rate * (0.95 + 0.1 * random.nextDouble());
      ObjectNode run = trial(experiment, side, round).withArray("benchmarks").addObject();
      run.put("benchmark", benchmark).put("seconds", INTERVALS * INTERVAL_SECONDS);
      rates(run, side, values[round]);
      memory(run.putObject("memory"), side);
    }
    ArrayNode array = result.putArray("values");
    Arrays.stream(values).forEach(array::add);
    Arrays.sort(values);
    result.put("median", values[1]).put("least", values[0]).put("most", values[2]);
    return values[1];
  }

  private ObjectNode trial(ObjectNode experiment, int side, int round) {
    ArrayNode trials = experiment.withArray("trials");
    for (int i = 0; i < trials.size(); i++) {
      if (trials.get(i).path("engine").asText().equals(ENGINES.get(side))
          && trials.get(i).path("round").asInt() == round + 1) {
        return (ObjectNode) trials.get(i);
      }
    }
    ObjectNode trial = trials.addObject().put("engine", ENGINES.get(side)).put("round", round + 1);
    trial.put("seconds", 24.5 + random.nextDouble()).putArray("benchmarks");
    return trial;
  }

  /** The peer stands still now and then, ours once and shortly. */
  private void rates(ObjectNode run, int side, double rate) {
    int stallEvery = side == 0 ? 150 : 45;
    int stallLength = side == 0 ? 2 : 12;
    int offset = 20 + random.nextInt(10);
    ObjectNode throughput = run.putObject("throughput");
    ArrayNode ends = throughput.putArray("endSeconds");
    ArrayNode values = throughput.putArray("opsPerSecond");
    for (int i = 0; i < INTERVALS; i++) {
      boolean stalled = i > offset && (i - offset) % stallEvery < stallLength;
      ends.add(Math.round((i + 1) * INTERVAL_SECONDS * 1000) / 1000.0);
      values.add(stalled ? 0 : Math.round(rate * (1 + 0.12 * random.nextGaussian())));
    }
    run.put("longestStallSeconds", stallLength * INTERVAL_SECONDS);
  }

  private void memory(ObjectNode memory, int side) {
    ArrayNode ends = memory.putArray("endSeconds");
    ObjectNode series = memory.putObject("series");
    ArrayNode here = series.putArray("memtables here");
    ArrayNode remote = side == 0 ? series.putArray("memtables in DM") : null;
    ArrayNode cache = series.putArray("block cache");
    ArrayNode process = series.putArray("process");
    for (int i = 0; i < INTERVALS; i++) {
      ends.add(Math.round((i + 1) * INTERVAL_SECONDS * 1000) / 1000.0);
      here.add((16 + 3 * (i % 16)) * MEBIBYTE);
      if (remote != null) {
        remote.add(Math.min(256, 2L * i) * MEBIBYTE);
      }
      cache.add(Math.min(32, i) * MEBIBYTE);
      process.add((330 + i / 4 + random.nextInt(8)) * MEBIBYTE);
    }
  }

  private void latencies(ObjectNode latency, String benchmark, double typicalMicros) {
    for (String operation : List.of("write", "read")) {
      if (benchmark.contains(operation) || (operation.equals("write") && !reads(benchmark))) {
        ObjectNode values = latency.putObject(operation);
        double micros = typicalMicros * (0.5 + random.nextDouble());
        for (String percentile : PERCENTILES) {
          values.put(percentile, Math.round(micros * 10) / 10.0);
          micros *= 2 + 6 * random.nextDouble();
        }
      }
    }
  }

  private static boolean reads(String benchmark) {
    return benchmark.startsWith("read");
  }

  private void whole(ObjectNode trial) {
    boolean ours = trial.path("engine").asText().equals("dwarf");
    long user = 116L * 1_200_000;
    ObjectNode bytes = trial.putObject("bytes").put("user", user).put("log", user * 11 / 10);
    bytes.put("flush", user).put("compaction", user * (ours ? 2 : 4));
    if (ours) {
      bytes.put("shipped to DM", user).put("read from DM", user / 3);
    }
    ObjectNode storage = trial.putObject("storage");
    storage.putObject("compute").put("written", user * (ours ? 1 : 6)).put("read", user);
    ObjectNode cpu = trial.putObject("cpuSeconds");
    cpu.put("compute", 18 + 3 * random.nextDouble());
    if (ours) {
      storage.putObject("worker-1").put("written", user * 3).put("read", user * 2);
      cpu.put("memory", 1.5).put("worker-1", 4 + random.nextDouble());
    }
    trial.put("writeAmplification", (ours ? 4.1 : 6.2) + random.nextDouble() / 5);
    trial.put("drainSeconds", 1.2 + random.nextDouble());
  }
}
