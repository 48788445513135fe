package dwarf.cli.command;

import dwarf.cli.Io;
import dwarf.cli.text.Bar;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import dwarf.evaluate.catalog.Scenario;
import dwarf.evaluate.run.Progress;
import java.util.List;

/** A line for each trial of an evaluation: which one, what came out, and how long it will take. */
final class TrialLines implements Progress {

  private final Io io;
  private int total;
  private final long startNanos = System.nanoTime();
  private int done;
  private int failed;
  private String name;

  TrialLines(Io io, List<Scenario> scenarios, int rounds) {
    this.io = io;
    int experiments = scenarios.stream().mapToInt(scenario -> scenario.experiments().size()).sum();
    this.total = experiments * rounds * Engine.values().length;
  }

  @Override
  public void begins(Experiment experiment, Engine engine, int round) {
    name =
        "[%d of %d] %s, %s, round %d"
            .formatted(done + 1, total, experiment.id(), engine.text(), round);
    if (io.live()) {
      io.err().print("\r\033[K" + name + " ... " + left());
      io.err().flush();
    }
  }

  @Override
  public void leavesRoundOut() {
    total -= Engine.values().length;
  }

  @Override
  public void ends(String outcome) {
    done++;
    String line = name + ": " + outcome;
    io.err().println(io.live() ? "\r\033[K" + line : line + left());
  }

  @Override
  public void fails(String reason) {
    failed++;
    ends("FAILED: " + reason);
  }

  private String left() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return done < 3 ? "" : " (about " + Bar.seconds(seconds / done * (total - done)) + " left)";
  }

  int failed() {
    return failed;
  }
}
