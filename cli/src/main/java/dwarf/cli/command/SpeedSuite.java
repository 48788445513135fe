package dwarf.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.bench.report.JsonFile;
import dwarf.cli.DwarfCli;
import dwarf.cli.Io;
import dwarf.cli.text.Table;
import dwarf.evaluate.Evaluation;
import dwarf.evaluate.catalog.Scenario;
import dwarf.evaluate.run.Turns;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code bench --suite speed}: each goal of this project, and how far it has come. */
final class SpeedSuite {

  private final Io io;
  private final List<Scenario> scenarios;
  private final Turns turns;

  SpeedSuite(Io io, List<Scenario> scenarios, Turns turns) {
    this.io = io;
    this.scenarios = scenarios;
    this.turns = turns;
  }

  /**
   * Runs everything and prints the table.
   *
   * @param working where databases lie meanwhile
   * @param json where everything that came out is written; null: nowhere
   * @return false if a run has failed, which is told
   */
  boolean run(Path working, Path json) {
    String command =
        "./dwarf bench --suite=speed --suite_rounds=%d --suite_minutes=%d"
            .formatted(turns.rounds(), turns.time().toMinutes());
    Evaluation.Plan plan =
        new Evaluation.Plan(command, false, scenarios, turns, working.toAbsolutePath());
    TrialLines lines = new TrialLines(io, scenarios, turns.rounds());
    ObjectNode[] result = new ObjectNode[1];
    new Evaluation(plan, DwarfCli.class, lines)
        .run(
            soFar -> {
              result[0] = soFar;
              if (json != null) {
                JsonFile.write(json, soFar);
              }
            });
    io.say(table(result[0]).toString());
    return lines.failed() == 0;
  }

  /** Ratios of medians of some turns each, ours to RocksDB's, beside the goals. */
  static Table table(JsonNode evaluation) {
    Table table = new Table("llrrrlr");
    table.row("experiment", "row", "ours", "RocksDB", "ratio", "goal", "turns");
    for (JsonNode scenario : evaluation.path("scenarios")) {
      for (JsonNode experiment : scenario.path("experiments")) {
        for (JsonNode row : experiment.path("rows")) {
          if (row.has("claim")) {
            add(table, experiment.path("title").asText(), row);
          }
        }
      }
    }
    return table;
  }

  private static void add(Table table, String title, JsonNode row) {
    String ratio =
        row.has("ratio")
            ? String.format(Locale.ROOT, "%.2f", row.path("ratio").asDouble())
            : "none";
    table.row(
        title,
        row.path("benchmark").asText(),
        figure(row, "ours"),
        figure(row, "peer"),
        ratio,
        row.path("claim").path("text").asText(),
        Integer.toString(row.path("ours").path("values").size()));
  }

  private static String figure(JsonNode row, String side) {
    JsonNode median = row.path(side).path("median");
    return median.isMissingNode()
        ? "failed"
        : String.format(Locale.ROOT, "%,.0f %s", median.asDouble(), row.path("unit").asText());
  }
}
