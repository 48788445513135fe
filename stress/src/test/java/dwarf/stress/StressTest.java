package dwarf.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every stress test for a moment, by jcstress in processes of its own. For longer: {@code
 * -Ddwarf.stress="-m default"}, or what else jcstress takes.
 */
class StressTest {

  private static final int TESTS = 16;

  /** One process for each test, with one set of JVM flags. */
  private static final String A_MOMENT = "-f 1 -iters 1 -time 1000 -sc false -af NONE";

  @TempDir Path directory;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void nothingForbiddenHappens() throws Exception {
    Path log = directory.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                directory.resolve("report").toString(),
                "-jvmArgs",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(System.getProperty("dwarf.stress", A_MOMENT).split(" ")));
    Process stress =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status = awaitEnd(stress);
    String said = Files.readString(log);
    assertThat(said)
        .contains("Failed tests: No matches.", "Error tests: No matches.")
        .contains("All remaining tests: " + TESTS + " matching");
    assertThat(status).as(said).isZero();
  }

  /** If this test is out of time, neither it nor those that it has started go on. */
  private static int awaitEnd(Process stress) throws InterruptedException {
    try {
      return stress.waitFor();
    } finally {
      stress.descendants().forEach(ProcessHandle::destroyForcibly);
      stress.destroyForcibly();
    }
  }
}
