package dwarf.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.load.BenchRun;
import dwarf.bench.load.BenchmarkCall;
import dwarf.bench.load.MetaOperation;
import dwarf.bench.load.RoundResult;
import dwarf.bench.load.Stage;
import dwarf.bench.load.Step;
import dwarf.bench.report.Comparison;
import dwarf.bench.report.ConsoleReport;
import dwarf.bench.report.JsonFile;
import dwarf.bench.report.JsonReport;
import dwarf.bench.report.LiveLine;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One call of {@code dwarf bench}. */
public final class BenchSession {

  private final BenchFlags flags;
  private final InputStream in;
  private final PrintStream out;
  private final LiveLine live;
  private final ConsoleReport console;
  private final List<RoundResult> results = new ArrayList<>();
  private final List<JsonReport.Between> between = new ArrayList<>();

  /**
   * A session that has not begun.
   *
   * @param flags as parsed; wrong usage is told by {@link #run}
   * @param in for whoever was promised a word with --stage_signals
   * @param err for the person who waits
   * @param rewrite whether {@code err} is a terminal that a line can be rewritten on
   */
  public BenchSession(
      BenchFlags flags, InputStream in, PrintStream out, PrintStream err, boolean rewrite) {
    this.flags = flags;
    this.in = in;
    this.out = out;
    this.live = new LiveLine(err, rewrite, flags.output().statsInterval());
    this.console = new ConsoleReport(out, flags.output().histogram());
  }

  /** Runs everything; false if --compare found something worse. */
  public boolean run() {
    flags.check();
    JsonReport report = new JsonReport(flags);
    console.header(flags);
    ObjectNode json;
    try (BenchDatabase database = new BenchDatabase(flags)) {
      boolean fresh = !flags.place().useExistingDb();
      BenchRun run = new BenchRun(database, fresh, flags.workload().workload(), live, stages());
      for (Step step : flags.workload().steps()) {
        switch (step) {
          case BenchmarkCall call -> run(run, call);
          case MetaOperation operation -> between.add(run(run, operation));
        }
      }
      json = report.of(results, between, database.statistics());
    }
    if (flags.output().json() != null) {
      JsonFile.write(flags.output().json(), json);
    }
    if (flags.output().compare() == null) {
      return true;
    }
    Comparison comparison = new Comparison(JsonFile.read(flags.output().compare()), json);
    comparison.lines().forEach(out::println);
    out.flush();
    return !comparison.isWorse();
  }

  private Consumer<Stage> stages() {
    return flags.output().stageSignals() ? new StageSignals(in, out) : stage -> {};
  }

  private JsonReport.Between run(BenchRun run, MetaOperation operation) {
    double seconds = run.run(operation);
    console.done(operation, seconds);
    return new JsonReport.Between(operation, seconds);
  }

  private void run(BenchRun run, BenchmarkCall call) {
    if (call.benchmark().wantsFresh() && flags.place().useExistingDb()) {
      console.skipped(call.benchmark());
      return;
    }
    List<RoundResult> rounds = new ArrayList<>();
    run.run(
        call,
        result -> {
          live.clear();
          console.result(result);
          rounds.add(result);
        });
    console.summary(rounds);
    results.addAll(rounds);
  }
}
