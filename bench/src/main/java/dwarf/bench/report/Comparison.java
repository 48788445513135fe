package dwarf.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A run beside an earlier one: ratios, and what is worse beyond noise.
 *
 * <p>Noise is judged from the measurements themselves. If both runs did a benchmark three times or
 * more ({@code NAME[X3]}), it is the larger of the two spreads, (most - least) / median, but at
 * least {@value #LEAST_NOISE}. With fewer rounds all that is known is how throughput changed within
 * a run: noise is then the distance between the quartiles of the intervals' throughput over their
 * median, at least {@value #LEAST_NOISE_OF_ONE}; and {@value #NOISE_OF_SHORT} if a run was too
 * short to have {@value #ENOUGH_INTERVALS} intervals. Throughput is worse if it fell by more than
 * that part. A rate-limited run has the throughput it was given, so there the 99th percentile of
 * latency is judged, which is worse if it rose by more than {@value #TAIL_NOISE} of it.
 */
public final class Comparison {

  static final double LEAST_NOISE = 0.03;
  static final double LEAST_NOISE_OF_ONE = 0.10;
  static final double NOISE_OF_SHORT = 0.25;
  static final double TAIL_NOISE = 0.50;
  static final int ENOUGH_INTERVALS = 8;

  private static final int ENOUGH_ROUNDS = 3;

  /** Flags that say where results go, not what was measured. */
  private static final Set<String> IRRELEVANT =
      Set.of("benchmarks", "compare", "db", "histogram", "json", "seed", "stats_interval_seconds");

  private final JsonNode base;
  private final JsonNode now;
  private final List<String> lines = new ArrayList<>();
  private boolean worse;

  public Comparison(JsonNode base, JsonNode now) {
    this.base = base;
    this.now = now;
    compare();
  }

  public boolean isWorse() {
    return worse;
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  private void compare() {
    lines.add(
        "Compared with " + base.path("engine").asText() + " of " + base.path("started").asText());
    differences();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-22s %12s %12s %7s %8s %9s",
            "benchmark",
            "base ops/s",
            "now ops/s",
            "ratio",
            "noise",
            "p99 ratio"));
    Map<String, List<JsonNode>> before = byBenchmark(base);
    Map<String, List<JsonNode>> after = byBenchmark(now);
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      if (before.containsKey(name) && after.containsKey(name)) {
        compare(name, before.get(name), after.get(name));
      } else {
        lines.add(
            name + (after.containsKey(name) ? " is not in the base" : " is only in the base"));
      }
    }
  }

  private void differences() {
    JsonNode before = base.path("configuration");
    JsonNode after = now.path("configuration");
    Set<String> names = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    names.removeAll(IRRELEVANT);
    for (String name : names) {
      note("--" + name, before.path(name), after.path(name));
    }
    for (String name : List.of("cpus", "memoryBytes", "jvm", "jvmFlags")) {
      note(name, base.path("machine").path(name), now.path("machine").path(name));
    }
  }

  private void note(String what, JsonNode before, JsonNode after) {
    if (!before.equals(after)) {
      lines.add("  differs: " + what + " was " + before + ", is " + after);
    }
  }

  private static Map<String, List<JsonNode>> byBenchmark(JsonNode run) {
    Map<String, List<JsonNode>> rounds = new LinkedHashMap<>();
    for (JsonNode round : run.path("results")) {
      rounds
          .computeIfAbsent(round.path("benchmark").asText(), absent -> new ArrayList<>())
          .add(round);
    }
    return rounds;
  }

  private void compare(String name, List<JsonNode> before, List<JsonNode> after) {
    double was = rates(before).median();
    double is = rates(after).median();
    double noise = noise(before, after);
    double tail = tail(before) == 0 ? 1 : tail(after) / tail(before);
    double ratio = was == 0 ? 1 : is / was;
    boolean scheduled = now.path("configuration").path("ops_per_sec").asDouble() > 0;
    boolean isWorse = scheduled ? tail > 1 + TAIL_NOISE : ratio < 1 - noise;
    boolean isBetter = scheduled ? tail < 1 / (1 + TAIL_NOISE) : ratio > 1 / (1 - noise);
    worse |= isWorse;
    lines.add(
        String.format(
            Locale.ROOT,
            "%-22s %12.0f %12.0f %7.2f %6.0f %% %9.2f%s",
            name,
            was,
            is,
            ratio,
            noise * 100,
            tail,
            isWorse ? "  WORSE" : isBetter ? "  better" : ""));
  }

  private static Spread rates(List<JsonNode> rounds) {
    return Spread.of(
        rounds.stream().mapToDouble(round -> round.path("opsPerSecond").asDouble()).toArray());
  }

  /** The 99th percentile of the slowest kind of operation, in the middle round. */
  private static double tail(List<JsonNode> rounds) {
    return Spread.of(rounds.stream().mapToDouble(Comparison::tailOfOne).toArray()).median();
  }

  private static double tailOfOne(JsonNode round) {
    double most = 0;
    for (JsonNode latency : round.path("latencyMicros")) {
      most = Math.max(most, latency.path("p99").asDouble());
    }
    return most;
  }

  private static double noise(List<JsonNode> before, List<JsonNode> after) {
    if (Math.min(before.size(), after.size()) >= ENOUGH_ROUNDS) {
      double spread = Math.max(rates(before).relative(), rates(after).relative());
      return Math.clamp(spread, LEAST_NOISE, NOISE_OF_SHORT * 2);
    }
    double within = Math.max(withinOne(before.getFirst()), withinOne(after.getFirst()));
    return Math.clamp(within, LEAST_NOISE_OF_ONE, NOISE_OF_SHORT * 2);
  }

  private static double withinOne(JsonNode round) {
    List<Double> rates = new ArrayList<>();
    round.path("throughput").path("opsPerSecond").forEach(rate -> rates.add(rate.asDouble()));
    if (rates.size() < ENOUGH_INTERVALS) {
      return NOISE_OF_SHORT;
    }
    List<Double> whole = rates.subList(0, rates.size() - 1).stream().sorted().toList();
    double median = whole.get(whole.size() / 2);
    double quartiles = whole.get(whole.size() * 3 / 4) - whole.get(whole.size() / 4);
    return median == 0 ? NOISE_OF_SHORT : quartiles / median;
  }
}
