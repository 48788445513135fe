package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.cli.text.Table;
import java.util.Locale;

/** What was measured, a transport a line. */
final class ResultTable {

  private static final double IMAGE_GB = FabricBenchPart.WRITE_BYTES / 1e9;

  private ResultTable() {}

  static Table of(JsonNode results) {
    Table table = new Table("lrrrrrr");
    table.row(
        "transport",
        "request us",
        "1 in flight/s",
        "8 in flight/s",
        "read 4K us",
        "search 4K us",
        "write GB/s");
    results
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode row = results.path(name);
              table.row(
                  name,
                  micros(row, "request"),
                  rate(row, "request", "%,.0f", 1),
                  rate(row, "request8", "%,.0f", 1),
                  micros(row, "read4KiB"),
                  micros(row, "search4KiB"),
                  rate(row, "write16MiB", "%,.2f", IMAGE_GB));
            });
    return table;
  }

  private static String micros(JsonNode row, String operation) {
    return number("%,.1f", row.path(operation).path("medianMicros"), 1);
  }

  private static String rate(JsonNode row, String operation, String format, double factor) {
    return number(format, row.path(operation).path("perSecond"), factor);
  }

  private static String number(String format, JsonNode value, double factor) {
    return value.isNumber() ? String.format(Locale.ROOT, format, value.asDouble() * factor) : "-";
  }
}
