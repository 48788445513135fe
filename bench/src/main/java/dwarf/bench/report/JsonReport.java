package dwarf.bench.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.load.MemoryTimeline;
import dwarf.bench.load.MetaOperation;
import dwarf.bench.load.RoundResult;
import dwarf.bench.load.Timeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A run as JSON. Its shape depends on the benchmarks, never on the engine: only the names within
 * {@code engineStatistics} are the engine's own.
 */
public final class JsonReport {

  static final int FORMAT = 1;

  private static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99};

  /** Something done between benchmarks, and how long it took. */
  public record Between(MetaOperation operation, double seconds) {}

  private final BenchFlags flags;
  private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  public JsonReport(BenchFlags flags) {
    this.flags = flags;
  }

  /**
   * Everything that was measured.
   *
   * @param between what was done between benchmarks, in order
   * @param statistics counters of engine and RocksDB at the end, from the open on
   */
  public ObjectNode of(
      List<RoundResult> results, List<Between> between, Map<String, Long> statistics) {
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.put("format", FORMAT);
    run.put("engine", flags.place().engine().toString());
    run.put("started", started.toString());
    run.put("revision", Revision.current());
    run.set("machine", Machine.describe());
    ObjectNode configuration = run.putObject("configuration");
    flags.values().forEach(configuration::put);
    ArrayNode rounds = run.putArray("results");
    results.forEach(result -> rounds.add(round(result)));
    ArrayNode operations = run.putArray("between");
    between.forEach(
        done ->
            operations
                .addObject()
                .put("operation", done.operation().text())
                .put("seconds", done.seconds()));
    longs(statistics, run.putObject("engineStatistics"));
    return run;
  }

  private ObjectNode round(RoundResult result) {
    RoundResult.Totals totals = result.totals();
    ObjectNode round = JsonNodeFactory.instance.objectNode();
    round.put("benchmark", result.name());
    round.put("round", result.round());
    round.put("threads", result.threads());
    round.put("operations", totals.operations());
    round.put("seconds", totals.seconds());
    round.put("opsPerSecond", totals.opsPerSecond());
    round.put("microsPerOp", totals.microsPerOp());
    round.put("bytes", totals.bytes());
    round.put("megabytesPerSecond", totals.megabytesPerSecond());
    round.put("found", totals.found());
    round.put("missed", totals.looked() - totals.found());
    round
        .putObject("background")
        .put("operations", result.background().operations())
        .put("bytes", result.background().bytes());
    boolean scheduled = flags.workload().workload().pace().opsPerSecond() > 0;
    round.put("latencyFrom", scheduled ? "when it was due" : "the end of the one before");
    ObjectNode latencies = round.putObject("latencyMicros");
    result.latencies().forEach((type, histogram) -> latencies.set(type.text(), latency(histogram)));
    timeline(result.overTime().operations(), round.putObject("throughput"));
    memory(result.overTime().memory(), round.putObject("memoryBytes"));
    longs(result.figures().statistics(), round.putObject("engineStatistics"));
    longs(result.figures().tier(), round.putObject("tier"));
    longs(result.figures().process(), round.putObject("process"));
    return round;
  }

  private static ObjectNode latency(Histogram histogram) {
    ObjectNode latency = JsonNodeFactory.instance.objectNode();
    latency.put("count", histogram.getTotalCount());
    latency.put("mean", histogram.getMean() / 1e3);
    latency.put("deviation", histogram.getStdDeviation() / 1e3);
    latency.put("min", histogram.getMinValue() / 1e3);
    for (double percentile : PERCENTILES) {
      String name = percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile;
      latency.put("p" + name, histogram.getValueAtPercentile(percentile) / 1e3);
    }
    latency.put("max", histogram.getMaxValue() / 1e3);
    return latency;
  }

  /** The interval of a point begins where that of the point before ends. */
  private static void timeline(List<Timeline.Point> points, ObjectNode into) {
    ArrayNode ends = into.putArray("endSeconds");
    ArrayNode rates = into.putArray("opsPerSecond");
    long before = 0;
    for (Timeline.Point point : points) {
      double seconds = (point.endNanos() - before) / 1e9;
      ends.add(seconds(point.endNanos()));
      rates.add(seconds <= 0 ? 0 : Math.round(point.operations() / seconds));
      before = point.endNanos();
    }
  }

  private static void memory(List<MemoryTimeline.Point> points, ObjectNode into) {
    ArrayNode ends = into.putArray("endSeconds");
    ArrayNode memtables = into.putArray("memtables");
    ArrayNode dm = into.putArray("dm");
    ArrayNode blockCache = into.putArray("blockCache");
    ArrayNode process = into.putArray("process");
    for (MemoryTimeline.Point point : points) {
      ends.add(seconds(point.nanos()));
      memtables.add(point.use().memtables());
      dm.add(point.use().dm());
      blockCache.add(point.use().blockCache());
      process.add(point.resident());
    }
  }

  private static double seconds(long nanos) {
    return Math.rint(nanos / 1e6) / 1e3;
  }

  private static void longs(Map<String, Long> values, ObjectNode into) {
    values.forEach(into::put);
  }
}
