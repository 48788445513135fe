package dwarf.cli.command;

import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.TextArgs;
import dwarf.cli.text.TextForm;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code get}: one value. */
@Command(
    name = "get",
    description = "Print the value of a key; exit status 1 and no output if there is none.",
    footer = {
      "",
      "Examples:",
      "  dwarf get data user:42",
      "  dwarf get data --hex 00ff10",
      "  dwarf get data logo --raw > logo.png"
    })
public final class GetCommand implements Callable<Integer> {

  private final Io io;

  @Mixin private DatabaseArgs database;
  @Mixin private TextArgs text;

  @Option(names = "--raw", description = "Print the value's bytes as they are, no line feed after.")
  private boolean raw;

  @Parameters(paramLabel = "[DIR] KEY", description = "The database (unless --db) and the key.")
  private List<String> arguments;

  public GetCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    DatabaseArgs.Target target = database.target(arguments, 1, 1);
    TextForm form = text.form(TextForm.PLAIN);
    byte[] key = form.parse(target.arguments().getFirst());
    try (OpenDatabase open = database.open(target.directory(), false)) {
      byte[] value = open.db().get(open.family(), key);
      if (value == null) {
        return ExitCodes.FAILED;
      }
      io.out().writeBytes(raw ? value : form.show(value));
      if (!raw) {
        io.out().write('\n');
      }
      io.out().flush();
      return ExitCodes.OK;
    }
  }
}
