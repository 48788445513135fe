package dwarf.evaluate.testbed;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the operating system that run for a moment. */
final class Tool {

  private static final int PATIENCE_SECONDS = 10;

  private Tool() {}

  /** Where program {@code name} is, if it is installed. */
  static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    // Tools for mounting are often where only root looks.
    for (String directory : (path + File.pathSeparator + "/usr/sbin:/sbin").split(":", -1)) {
      Path file = Path.of(directory, name);
      if (Files.isExecutable(file) && Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Runs {@code command}; what went wrong, or empty if it succeeded. */
  static Optional<String> run(List<String> command) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
    boolean interrupted = Thread.interrupted();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return Optional.of(command.getFirst() + " did not end in " + PATIENCE_SECONDS + " s");
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0
          ? Optional.empty()
          : Optional.of(
              command.getFirst() + " ended with " + process.exitValue() + ": " + said.strip());
    } catch (IOException e) {
      return Optional.of(e.toString());
    } catch (InterruptedException e) {
      interrupted = true;
      return Optional.of("interrupted while " + command.getFirst() + " ran");
    } finally {
      process.destroyForcibly();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
