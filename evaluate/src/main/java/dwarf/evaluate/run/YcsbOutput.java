package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What YCSB's client prints, brought into the shape of {@code ./dwarf bench --json}. A client that
 * loads and then runs prints two summaries; the last one counts.
 */
final class YcsbOutput {

  private static final Pattern LINE = Pattern.compile("\\[([A-Z-]+)], ([^,]+), ([0-9.]+)");
  private static final Pattern PERCENTILE =
      Pattern.compile("([0-9.]+)(?:st|nd|rd|th)?PercentileLatency\\(us\\)");

  private final String benchmark;
  private ObjectNode result = JsonNodeFactory.instance.objectNode();

  YcsbOutput(String benchmark) {
    this.benchmark = benchmark;
  }

  void line(String text) {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      return;
    }
    String section = line.group(1);
    double value = Double.parseDouble(line.group(3));
    switch (line.group(2)) {
      case "RunTime(ms)" -> begin(value / 1e3);
      case "Throughput(ops/sec)" -> result.put("opsPerSecond", value);
      case "MaxLatency(us)" -> latency(section, "max", value);
      default -> {
        Matcher percentile = PERCENTILE.matcher(line.group(2));
        if (percentile.matches()) {
          latency(section, "p" + percentile.group(1).replaceAll("\\.0$", ""), value);
        }
      }
    }
  }

  private void begin(double seconds) {
    result = JsonNodeFactory.instance.objectNode();
    result.put("benchmark", benchmark);
    result.put("seconds", seconds);
    result.putObject("latencyMicros");
  }

  /** Of operations, not of the client's own business. */
  private void latency(String section, String figure, double micros) {
    boolean operation = !section.equals("CLEANUP") && result.has("latencyMicros");
    if (operation) {
      ((ObjectNode) result.get("latencyMicros"))
          .withObject("/" + section.toLowerCase(Locale.ROOT))
          .put(figure, micros);
    }
  }

  ObjectNode json() {
    if (!result.has("opsPerSecond")) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, "the YCSB client printed no throughput");
    }
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.putArray("results").add(result);
    return run;
  }
}
