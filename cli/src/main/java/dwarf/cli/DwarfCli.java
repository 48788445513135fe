package dwarf.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The launcher: {@code ./dwarf COMMAND}. */
@Command(
    name = "dwarf",
    mixinStandardHelpOptions = true,
    version = "DwaRF-LSM 0.1.0",
    description = "An LSM database whose write buffer lives in other machines' memory.",
    synopsisSubcommandLabel = "COMMAND")
public final class DwarfCli {

  private DwarfCli() {}

  static CommandLine commandLine() {
    return new CommandLine(new DwarfCli());
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
