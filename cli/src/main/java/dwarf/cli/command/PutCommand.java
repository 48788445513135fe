package dwarf.cli.command;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.TextArgs;
import dwarf.cli.text.TextForm;
import dwarf.engine.WriteOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code put}: one entry. */
@Command(
    name = "put",
    description =
        "Write one entry, replacing an older one. Without VALUE (or with -) the value is standard"
            + " input, as it is. The write is on stable storage when the command returns.",
    footer = {
      "",
      "Examples:",
      "  dwarf put data user:42 Ada --create-if-missing",
      "  dwarf put data logo < logo.png"
    })
public final class PutCommand implements Callable<Integer> {

  private final Io io;

  @Mixin private DatabaseArgs database;
  @Mixin private TextArgs text;

  @Option(names = "--no-sync", description = "Do not wait for stable storage.")
  private boolean noSync;

  @Parameters(
      paramLabel = "[DIR] KEY [VALUE]",
      description = "The database (unless --db), the key and its value.")
  private List<String> arguments;

  public PutCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    DatabaseArgs.Target target = database.target(arguments, 1, 2);
    TextForm form = text.form(TextForm.PLAIN);
    byte[] key = form.parse(target.arguments().getFirst());
    byte[] value = value(target.arguments(), form);
    try (OpenDatabase open = database.open(target.directory(), false)) {
      open.db().put(open.family(), new WriteOptions().setSync(!noSync), key, value);
    }
    return ExitCodes.OK;
  }

  private byte[] value(List<String> given, TextForm form) throws IOException {
    if (given.size() == 2 && !given.get(1).equals("-")) {
      return form.parse(given.get(1));
    }
    byte[] value = io.in().readNBytes(Limits.MAX_VALUE_BYTES);
    if (io.in().read() >= 0) {
      throw DwarfException.invalid(
          "standard input is longer than the longest value, " + Limits.MAX_VALUE_BYTES + " bytes");
    }
    return value;
  }
}
