package dwarf.cli.fabric;

import java.util.List;
import picocli.CommandLine.Option;

/** How long to measure; handed on to the processes that do. */
final class Times {

  private static final double MOST_SECONDS = 60;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How long each number is measured (default ${DEFAULT-VALUE}).")
  double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How long each operation runs before, so that what is measured is compiled (default"
              + " ${DEFAULT-VALUE} seconds).")
  double warmUp;

  boolean areSane() {
    return isSane(seconds) && isSane(warmUp);
  }

  private static boolean isSane(double value) {
    return value >= 0.01 && value <= MOST_SECONDS;
  }

  List<String> arguments() {
    return List.of("--seconds", "" + seconds, "--warm-up", "" + warmUp);
  }
}
