package dwarf.cli;

import dwarf.cli.command.BenchCommand;
import dwarf.cli.command.DeleteCommand;
import dwarf.cli.command.EvaluateCommand;
import dwarf.cli.command.GetCommand;
import dwarf.cli.command.InspectCommand;
import dwarf.cli.command.LoadCommand;
import dwarf.cli.command.MemoryNodeCommand;
import dwarf.cli.command.PutCommand;
import dwarf.cli.command.ScanCommand;
import dwarf.cli.command.StatsCommand;
import dwarf.cli.command.WorkerCommand;
import dwarf.cli.command.YcsbCommand;
import dwarf.cli.demo.DemoCommand;
import dwarf.cli.demo.DemoEngineCommand;
import dwarf.cli.fabric.FabricBenchCommand;
import dwarf.cli.fabric.FabricBenchPart;
import dwarf.cli.fabric.PlainUcxPart;
import dwarf.cli.train.TrainCommand;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The launcher: {@code ./dwarf COMMAND}. */
@Command(
    name = "dwarf",
    mixinStandardHelpOptions = true,
    version = "DwaRF-LSM 0.1.0",
    description =
        "A key-value database (RocksDB underneath) whose write buffer lives in other machines'"
            + " memory and whose flushes run on other machines' cores.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      MemoryNodeCommand.class,
      WorkerCommand.class,
      LoadCommand.class,
      GetCommand.class,
      PutCommand.class,
      DeleteCommand.class,
      ScanCommand.class,
      StatsCommand.class,
      InspectCommand.class,
      BenchCommand.class,
      YcsbCommand.class,
      EvaluateCommand.class,
      FabricBenchCommand.class,
      FabricBenchPart.class,
      PlainUcxPart.class,
      DemoEngineCommand.class,
      TrainCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "The script ./dwarf itself also knows:",
      "  build       build if needed (every command does)",
      "  test        run all tests and checks",
      "  micro       run the micro-benchmarks (JMH; micro -h, micro -l)",
      "",
      "Exit status: 0 done, 1 failed (or get: no such key), 2 wrong usage.",
      "",
      "Examples:",
      "  dwarf demo                                    see it work, on this machine",
      "  dwarf load data users.csv --header --key id   a database without any daemon",
      "  dwarf get data 42",
      "  dwarf memory-node --listen 127.0.0.1:7000 --pool 2GiB",
      "  dwarf worker --memory-node 127.0.0.1:7000 --storage /mnt/shared",
      "  dwarf load /mnt/shared/data big.tsv --memory-node 127.0.0.1:7000",
      "'dwarf COMMAND --help' tells more."
    })
public final class DwarfCli {

  private boolean verbose;

  private DwarfCli() {}

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what happens inside, and show stack traces of failures.")
  void setVerbose(boolean on) {
    verbose = on;
    if (on) {
      // Read by logback.xml when the first logger is made, which is after the options are parsed.
      System.setProperty("dwarf.log", "INFO");
    }
  }

  boolean isVerbose() {
    return verbose;
  }

  static CommandLine commandLine(Io io) {
    ErrorReport errors = new ErrorReport(io);
    CommandLine cli = new CommandLine(new DwarfCli(), new Factory(io));
    cli.setOut(new PrintWriter(io.out(), true, StandardCharsets.UTF_8));
    cli.setErr(new PrintWriter(io.err(), true, StandardCharsets.UTF_8));
    cli.setExecutionExceptionHandler(errors);
    cli.setParameterExceptionHandler(errors);
    cli.setCaseInsensitiveEnumValuesAllowed(true);
    cli.setUsageHelpAutoWidth(true);
    cli.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandList());
    cli.getSubcommands().values().forEach(DwarfCli::giveHelpOption);
    return cli;
  }

  private static void giveHelpOption(CommandLine command) {
    CommandLine.Model.CommandSpec spec = command.getCommandSpec();
    if (spec.findOption("--help") == null) {
      spec.addOption(
          CommandLine.Model.OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .description("Show this help message and exit.")
              .build());
    }
  }

  /** The names of all commands. */
  static Set<String> commands() {
    return commandLine(Io.standard()).getSubcommands().keySet();
  }

  public static void main(String[] args) {
    Io io = Io.standard();
    int status = commandLine(io).execute(args);
    io.out().flush();
    System.exit(status);
  }

  /** Gives commands what they read from and write to. */
  private record Factory(Io io) implements IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Io.class) {
          return type.cast(constructor.newInstance(io));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
