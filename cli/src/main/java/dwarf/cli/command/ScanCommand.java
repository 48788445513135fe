package dwarf.cli.command;

import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.TextArgs;
import dwarf.cli.text.TextForm;
import dwarf.engine.DwarfIterator;
import dwarf.engine.ReadOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scan}: a range of entries. */
@Command(
    name = "scan",
    description =
        "Print entries in key order, one a line, key and value separated by a tab. Tabs, line"
            + " feeds and bytes that are not text are escaped (\\t, \\n, \\xNN), so 'load"
            + " --escape' reads it back.",
    footer = {
      "",
      "Examples:",
      "  dwarf scan data --from user: --to user; --limit 10",
      "  dwarf scan data --reverse --keys-only --limit 1",
      "  dwarf scan data | dwarf load copy --format tsv --escape -"
    })
public final class ScanCommand implements Callable<Integer> {

  private static final int ROWS_PER_CHECK = 1024;

  private final Io io;

  @Mixin private DatabaseArgs database;
  @Mixin private TextArgs text;

  @Option(names = "--from", paramLabel = "KEY", description = "First key to print (inclusive).")
  private String from;

  @Option(names = "--to", paramLabel = "KEY", description = "Key to stop before (exclusive).")
  private String to;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      showDefaultValue = Help.Visibility.NEVER,
      description = "Print at most so many entries.")
  private long limit;

  @Option(names = "--reverse", description = "Start at the end of the range and go down.")
  private boolean reverse;

  @Option(names = "--keys-only", description = "Print the keys alone.")
  private boolean keysOnly;

  @Parameters(arity = "0..1", paramLabel = "[DIR]", description = "The database (unless --db).")
  private List<String> arguments;

  public ScanCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    DatabaseArgs.Target target = database.target(arguments, 0, 0);
    TextForm form = text.form(TextForm.ESCAPE);
    ReadOptions range =
        new ReadOptions()
            .setIterateLowerBound(from == null ? null : form.parse(from))
            .setIterateUpperBound(to == null ? null : form.parse(to));
    try (OpenDatabase open = database.open(target.directory(), false);
        DwarfIterator rows = open.db().newIterator(open.family(), range)) {
      print(rows, form);
    }
    return ExitCodes.OK;
  }

  private void print(DwarfIterator rows, TextForm form) {
    if (reverse) {
      rows.seekToLast();
    } else {
      rows.seekToFirst();
    }
    for (long row = 0; row < limit && rows.isValid(); row++) {
      io.out().writeBytes(form.show(rows.key()));
      if (!keysOnly) {
        io.out().write('\t');
        io.out().writeBytes(form.show(rows.value()));
      }
      io.out().write('\n');
      boolean readerLeft = row % ROWS_PER_CHECK == ROWS_PER_CHECK - 1 && io.out().checkError();
      if (readerLeft) {
        return;
      }
      if (reverse) {
        rows.prev();
      } else {
        rows.next();
      }
    }
    io.out().flush();
  }
}
