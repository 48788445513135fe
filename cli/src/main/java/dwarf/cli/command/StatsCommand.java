package dwarf.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.base.DwarfException;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.Whereabouts;
import dwarf.cli.text.Bar;
import dwarf.cli.text.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stats}: what a database holds and what opening it did. */
@Command(
    name = "stats",
    description =
        "Open a database and print how much it holds, where, and the engine's counters since the"
            + " open (recovery among them). A running engine reports the same through"
            + " db.statistics().",
    footer = {"", "Examples:", "  dwarf stats data", "  dwarf stats data --json | jq ."})
public final class StatsCommand implements Callable<Integer> {

  private static final List<String> PROPERTIES =
      List.of(
          "rocksdb.estimate-num-keys",
          "rocksdb.total-sst-files-size",
          "rocksdb.live-sst-files-size",
          "rocksdb.estimate-pending-compaction-bytes",
          "rocksdb.block-cache-usage");

  /** To RocksDB this one is text. */
  private static final String LEVEL_0_FILES = "rocksdb.num-files-at-level0";

  private final Io io;

  @Mixin private DatabaseArgs database;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Option(names = "--all", description = "Also print the counters that are zero.")
  private boolean all;

  @Parameters(arity = "0..1", paramLabel = "[DIR]", description = "The database (unless --db).")
  private List<String> arguments;

  public StatsCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    DatabaseArgs.Target target = database.target(arguments, 0, 0);
    try (OpenDatabase open = database.open(target.directory(), false)) {
      Map<String, Long> numbers = numbers(open);
      if (json) {
        io.out().println(toJson(numbers));
      } else {
        Whereabouts.of(open).picture().forEach(io.out()::println);
        io.out().print(table(numbers));
      }
    }
    io.out().flush();
    return ExitCodes.OK;
  }

  private static Map<String, Long> numbers(OpenDatabase open) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("sequence", open.db().getLatestSequenceNumber());
    for (String property : PROPERTIES) {
      numbers.put(property, open.db().getLongProperty(open.family(), property));
    }
    String levelZero = open.db().getProperty(open.family(), LEVEL_0_FILES);
    numbers.put(LEVEL_0_FILES, Long.parseLong(levelZero.strip()));
    numbers.putAll(open.db().statistics());
    return numbers;
  }

  private Table table(Map<String, Long> numbers) {
    Table table = new Table("lr");
    numbers.forEach(
        (name, number) -> {
          if (all || number != 0) {
            table.row(name, Bar.count(number));
          }
        });
    return table;
  }

  private static String toJson(Map<String, Long> numbers) {
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsString(numbers);
    } catch (JsonProcessingException e) {
      throw new DwarfException(DwarfException.Kind.INTERNAL, "cannot write JSON: " + e, e);
    }
  }
}
