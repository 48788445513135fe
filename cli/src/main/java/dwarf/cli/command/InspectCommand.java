package dwarf.cli.command;

import dwarf.base.DwarfException;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what is in a directory or a file, without opening the database. */
@Command(
    name = "inspect",
    description =
        "Print what a database directory, a log segment, an SST file, a shard image or a"
            + " directory of such files holds. Only reads: a database may be inspected while"
            + " somebody uses it. Exit status 1 if something is damaged.",
    footer = {
      "",
      "Examples:",
      "  dwarf inspect data",
      "  dwarf inspect data/dwarf/epochs/3/wal/00000000000000000007.log",
      "  dwarf inspect data/000012.sst"
    })
public final class InspectCommand implements Callable<Integer> {

  private final Io io;

  @Parameters(paramLabel = "PATH", description = "A directory or a file.")
  private Path path;

  public InspectCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (!Files.exists(path)) {
      throw DwarfException.invalid("there is no " + path);
    }
    Inspection inspection = new Inspection(io.out()::println);
    inspection.inspect(path);
    io.out().flush();
    return inspection.damaged() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
