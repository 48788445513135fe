package dwarf.cli.command;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.TextArgs;
import dwarf.cli.input.BadLines;
import dwarf.cli.input.InputFormat;
import dwarf.cli.input.InputSpec;
import dwarf.cli.input.RecordSource;
import dwarf.cli.input.RecordSources;
import dwarf.cli.text.Progress;
import dwarf.cli.text.TextForm;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code load}: many entries from files. */
@Command(
    name = "load",
    description =
        "Load records from TSV, CSV or JSON-lines files, or standard input, into a database,"
            + " which is created if it does not exist. A line that holds no record is reported as"
            + " FILE:LINE: reason and counted, the others are loaded; the exit status is then 1"
            + " unless --skip-bad-lines.",
    footer = {
      "",
      "The value of a record is all columns but the key's (in JSON the whole line), or the one that"
          + " --value names.",
      "",
      "Examples:",
      "  dwarf load data users.csv --header --key id",
      "  dwarf load data events.jsonl.gz --key /user/id",
      "  dwarf load data pairs.tsv --memory-node 10.0.0.5:7000 --write-buffer-size 64MiB",
      "  cut -f2,5 big.tsv | dwarf load data --format tsv -"
    })
public final class LoadCommand implements Callable<Integer> {

  private static final int MOST_FILES = 100_000;

  private final Io io;

  @Mixin private DatabaseArgs database;
  @Mixin private TextArgs text;

  @Option(
      names = "--format",
      paramLabel = "tsv|csv|json",
      description = "Format of the input; by default told from the file's name.")
  private InputFormat format;

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      description =
          "Column of the key: a number from 1, a name (with --header), a JSON field or /pointer."
              + " Default: 1, or the JSON field 'key'.")
  private String key;

  @Option(names = "--value", paramLabel = "COLUMN", description = "Column of the value.")
  private String value;

  @Option(names = "--header", description = "The first line of each TSV or CSV names the columns.")
  private boolean header;

  @Option(
      names = "--skip-bad-lines",
      description = "Exit with 0 although lines were bad; they are still reported.")
  private boolean skipBadLines;

  @Option(names = "--flush", description = "Wait until everything is in SST files.")
  private boolean flush;

  @Parameters(
      paramLabel = "[DIR] [FILE...]",
      description = "The database (unless --db) and the input files; - is standard input.")
  private List<String> arguments;

  public LoadCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    DatabaseArgs.Target target = database.target(arguments, 0, MOST_FILES);
    List<String> files = target.arguments().isEmpty() ? List.of("-") : target.arguments();
    files.forEach(this::spec);
    Progress progress = new Progress("loading", io.err(), io.live(), Clock.SYSTEM);
    BadLines badLines = new BadLines(io.err(), progress::clear);
    try (OpenDatabase open = database.open(target.directory(), true)) {
      Loader loader = new Loader(open, progress);
      for (String file : files) {
        try (RecordSource source = source(file, badLines)) {
          loader.load(source);
        }
      }
      loader.finish(flush);
      progress.close();
      loader.summary().forEach(io.out()::println);
    }
    if (badLines.count() > 0) {
      io.out().println(badLines.count() + " bad lines were reported and not loaded");
    }
    io.out().flush();
    return badLines.count() == 0 || skipBadLines ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private RecordSource source(String file, BadLines badLines) {
    InputSpec spec = spec(file);
    return file.equals("-")
        ? RecordSources.open(io.in(), spec, badLines)
        : RecordSources.open(Path.of(file), spec, badLines);
  }

  private InputSpec spec(String file) {
    if (format == null && file.equals("-")) {
      throw DwarfException.invalid("say the format of standard input: --format tsv, csv or json");
    }
    InputFormat known = format == null ? InputFormat.ofFile(file) : format;
    return new InputSpec(known, key, value, header, text.form(TextForm.PLAIN));
  }
}
