package dwarf.bench.report;

import dwarf.bench.flags.BenchFlags;
import dwarf.bench.load.Benchmark;
import dwarf.bench.load.MetaOperation;
import dwarf.bench.load.RoundResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Lines as db_bench prints them. */
public final class ConsoleReport {

  private static final double[] PERCENTILES = {50, 75, 99, 99.9, 99.99};

  private final PrintStream out;
  private final boolean histogram;

  public ConsoleReport(PrintStream out, boolean histogram) {
    this.out = out;
    this.histogram = histogram;
  }

  public void header(BenchFlags flags) {
    Map<String, String> values = flags.values();
    say(
        "Engine:     %s%s, %s cpus, %s, revision %s",
        flags.place().engine(),
        values.get("memory_node").isEmpty() ? "" : " with " + values.get("memory_node"),
        Runtime.getRuntime().availableProcessors(),
        "Java " + Runtime.version(),
        Revision.current());
    say(
        "Keys:       %s bytes each, %s of them, %s",
        values.get("key_distribution").equals("TEXT") ? "a few to 70" : values.get("key_size"),
        values.get("num"),
        values.get("key_distribution").toLowerCase(Locale.ROOT));
    say(
        "Values:     %s bytes each (about %.0f bytes after compression)",
        values.get("value_size"),
        Long.parseLong(values.get("value_size"))
            * Double.parseDouble(values.get("compression_ratio")));
    say(
        "Seed:       %s, threads %s, compression %s, WAL %s, sync %s",
        values.get("seed"),
        values.get("threads"),
        values.get("compression_type"),
        values.get("disable_wal").equals("true") ? "off" : "on",
        values.get("sync").equals("true") ? "on" : "off");
    say("------------------------------------------------");
  }

  public void skipped(Benchmark benchmark) {
    say("%-12s : skipped (--use_existing_db is true)", benchmark.text());
  }

  public void done(MetaOperation operation, double seconds) {
    say("%-12s : done in %.3f seconds", operation.text(), seconds);
  }

  public void result(RoundResult result) {
    RoundResult.Totals totals = result.totals();
    say(
        "%-12s : %11.3f micros/op %d ops/sec %.3f seconds %d operations;%s%s",
        result.name(),
        totals.microsPerOp(),
        (long) totals.opsPerSecond(),
        totals.seconds(),
        totals.operations(),
        totals.bytes() == 0
            ? ""
            : String.format(Locale.ROOT, " %6.1f MB/s", totals.megabytesPerSecond()),
        note(result));
    if (histogram) {
      result.latencies().forEach((type, latencies) -> percentiles(type.text(), latencies));
    }
  }

  private static String note(RoundResult result) {
    RoundResult.Totals totals = result.totals();
    String found =
        totals.looked() == 0 ? "" : " (" + totals.found() + " of " + totals.looked() + " found)";
    long beside = result.background().operations();
    return found + (beside == 0 ? "" : " (" + beside + " writes beside)");
  }

  private void percentiles(String type, Histogram latencies) {
    say("Microseconds per %s:", type);
    say(
        "Count: %d Average: %.4f  StdDev: %.2f",
        latencies.getTotalCount(), latencies.getMean() / 1e3, latencies.getStdDeviation() / 1e3);
    say(
        "Min: %.3f  Median: %.4f  Max: %.3f",
        latencies.getMinValue() / 1e3,
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getMaxValue() / 1e3);
    StringBuilder line = new StringBuilder("Percentiles:");
    for (double percentile : PERCENTILES) {
      String name = percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile;
      line.append(
          String.format(
              Locale.ROOT, " P%s: %.2f", name, latencies.getValueAtPercentile(percentile) / 1e3));
    }
    say("%s", line);
  }

  /** Median and spread, if there was more than one round. */
  public void summary(List<RoundResult> rounds) {
    if (rounds.size() > 1) {
      Spread spread =
          Spread.of(rounds.stream().mapToDouble(round -> round.totals().opsPerSecond()).toArray());
      say(
          "%-12s [%d runs] : median %d ops/sec, %d to %d",
          rounds.getFirst().name(),
          rounds.size(),
          (long) spread.median(),
          (long) spread.least(),
          (long) spread.most());
    }
  }

  private void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
    out.flush();
  }
}
