package dwarf.bench.flags;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What is told about the run. */
public final class OutputFlags {

  @Option(
      names = "--histogram",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "Print percentiles of latency (the JSON always has them).")
  private boolean histogram;

  @Option(
      names = "--stats_interval_seconds",
      paramLabel = "SECONDS",
      description = "Print throughput so far this often, on standard error; 0: a progress line.")
  private int statsInterval;

  @Option(
      names = "--stage_signals",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description =
          "Print 'stage: MEASURED' before what counts and 'stage: WARM_UP' before a later warm-up,"
              + " and wait for a line on standard input each time.")
  private boolean stageSignals;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write configuration, machine and results to that file.")
  private Path json;

  @Option(
      names = "--compare",
      paramLabel = "BASE.json",
      description =
          "Print ratios to an earlier --json; the exit status is 1 if something is worse beyond"
              + " noise.")
  private Path compare;

  void check(FlagCheck check) {
    check.that(statsInterval >= 0, "--stats_interval_seconds", statsInterval, "0 or more");
    check.that(
        compare == null || java.nio.file.Files.isReadable(compare),
        "--compare",
        compare,
        "a readable file");
  }

  public boolean histogram() {
    return histogram;
  }

  public int statsInterval() {
    return statsInterval;
  }

  public boolean stageSignals() {
    return stageSignals;
  }

  /** Null: none. */
  public Path json() {
    return json;
  }

  /** Null: none. */
  public Path compare() {
    return compare;
  }
}
