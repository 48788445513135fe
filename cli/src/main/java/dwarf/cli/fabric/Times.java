package dwarf.cli.fabric;

import java.util.List;
import picocli.CommandLine.Option;

/** How long and how often to measure; how long is handed on to the processes that do. */
final class Times {

  private static final double MOST_SECONDS = 60;
  private static final int MOST_ROUNDS = 100;

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

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How often everything is measured, in turn, by new processes; what is printed are medians"
              + " (default ${DEFAULT-VALUE}).")
  int rounds;

  boolean areSane() {
    return isSane(seconds) && isSane(warmUp) && rounds >= 1 && rounds <= MOST_ROUNDS;
  }

  private static boolean isSane(double value) {
    return value >= 0.01 && value <= MOST_SECONDS;
  }

  List<String> arguments() {
    return List.of("--seconds", "" + seconds, "--warm-up", "" + warmUp);
  }
}
