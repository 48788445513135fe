package dwarf.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.bench.report.JsonFile;
import dwarf.cli.DwarfCli;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.evaluate.Evaluation;
import dwarf.evaluate.catalog.Catalog;
import dwarf.evaluate.catalog.Scenario;
import dwarf.evaluate.report.HtmlPage;
import dwarf.evaluate.run.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}: the testbed. */
@Command(
    name = "evaluate",
    description = {
      "Compare this engine with stock RocksDB on a disaggregated testbed on this machine: compute"
          + " nodes, a memory node and workers in processes of their own, each with a quota of"
          + " CPU (control groups) and of its path to the storage (bindfs); RocksDB's compute"
          + " nodes get the same quotas. The engines take turns. Writes evaluation.html, a page"
          + " with plots and the table of ratios, and evaluation.json. What this machine cannot"
          + " emulate is said, and left out.",
      "",
      "Engines warm up before their quotas apply. Root and the package bindfs are needed for all of"
          + " it. All scenarios in full take well over an hour."
    },
    footer = {
      "",
      "Examples:",
      "  dwarf evaluate --quick                     five minutes, some of everything",
      "  dwarf evaluate                             everything",
      "  dwarf evaluate --only writes,ranges-100    one scenario and one more experiment",
      "  dwarf evaluate --list                      what there is"
    })
public final class EvaluateCommand implements Callable<Integer> {

  private final Io io;

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "Some experiments of each kind, small: about five minutes.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "ID,...",
      split = ",",
      description = "Only these scenarios or experiments.")
  private List<String> only = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Turns of each engine (default ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "target/evaluation",
      description = "Where to write the page and the JSON (default ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Where the databases lie while they are measured. Default: a directory in the temporary"
              + " directory.")
  private Path work;

  @Option(names = "--list", description = "List scenarios and experiments, and run nothing.")
  private boolean list;

  public EvaluateCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (rounds < 1 || rounds > 100) {
      throw new ParameterException(spec.commandLine(), "--rounds " + rounds + ": 1 to 100");
    }
    List<Scenario> scenarios = Catalog.only(quick ? Catalog.quick() : Catalog.full(), only);
    if (list) {
      scenarios.forEach(this::tell);
      return ExitCodes.OK;
    }
    create(out);
    Path working =
        work == null ? Path.of(System.getProperty("java.io.tmpdir"), "dwarf-evaluate") : work;
    Turns turns = Turns.of(rounds);
    Evaluation.Plan plan =
        new Evaluation.Plan(commandLine(), quick, scenarios, turns, working.toAbsolutePath());
    TrialLines lines = new TrialLines(io, scenarios, rounds);
    new Evaluation(plan, DwarfCli.class, lines).run(this::write);
    io.say("page: " + out.resolve("evaluation.html").toAbsolutePath());
    io.say("data: " + out.resolve("evaluation.json").toAbsolutePath());
    return lines.failed() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private String commandLine() {
    return "./dwarf evaluate "
        + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  private void tell(Scenario scenario) {
    io.say(scenario.id() + ": " + scenario.title());
    scenario
        .experiments()
        .forEach(experiment -> io.say("  " + experiment.id() + ": " + experiment.title()));
  }

  private void write(ObjectNode evaluation) {
    JsonFile.write(out.resolve("evaluation.json"), evaluation);
    Path page = out.resolve("evaluation.html");
    try {
      Files.writeString(page, HtmlPage.of(evaluation));
    } catch (IOException e) {
      throw DwarfException.io("cannot write " + page + ": " + e, e);
    }
  }

  private static void create(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw DwarfException.io("cannot create " + directory + ": " + e, e);
    }
  }
}
