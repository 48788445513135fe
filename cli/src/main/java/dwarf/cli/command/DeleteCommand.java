package dwarf.cli.command;

import dwarf.cli.ExitCodes;
import dwarf.cli.db.DatabaseArgs;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.TextArgs;
import dwarf.cli.text.TextForm;
import dwarf.engine.WriteOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delete}: some entries. */
@Command(
    name = "delete",
    description =
        "Delete entries; deleting one that does not exist is no error. The deletion is on stable"
            + " storage when the command returns.",
    footer = {"", "Example:", "  dwarf delete data user:42 user:43"})
public final class DeleteCommand implements Callable<Integer> {

  private static final int MOST_KEYS = 100_000;

  @Mixin private DatabaseArgs database;
  @Mixin private TextArgs text;

  @Option(names = "--no-sync", description = "Do not wait for stable storage.")
  private boolean noSync;

  @Parameters(paramLabel = "[DIR] KEY...", description = "The database (unless --db) and the keys.")
  private List<String> arguments;

  @Override
  public Integer call() {
    DatabaseArgs.Target target = database.target(arguments, 1, MOST_KEYS);
    TextForm form = text.form(TextForm.PLAIN);
    List<byte[]> keys = target.arguments().stream().map(form::parse).toList();
    try (OpenDatabase open = database.open(target.directory(), false)) {
      for (byte[] key : keys) {
        open.db().delete(open.family(), new WriteOptions(), key);
      }
      if (!noSync) {
        open.db().syncWal();
      }
    }
    return ExitCodes.OK;
  }
}
