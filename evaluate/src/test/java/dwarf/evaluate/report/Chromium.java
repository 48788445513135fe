package dwarf.evaluate.report;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A browser without a window, which loads a page, lets its scripts run, and prints its elements.
 */
record Chromium(Path executable) {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final int DEADLINE_SECONDS = 60;

  /** The first of the known names on the PATH. */
  static Optional<Chromium> find() {
    String[] directories = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    return NAMES.stream()
        .flatMap(name -> Arrays.stream(directories).map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Chromium::new);
  }

  /** The elements of that page once it is quiet; `scratch` takes the profile and the output. */
  String elementsOf(Path page, String query, Path scratch) {
    Path output = scratch.resolve("elements.html");
    List<String> command =
        List.of(
            executable.toString(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--allow-file-access-from-files",
            "--user-data-dir=" + scratch.resolve("profile"),
            "--window-size=1280,900",
            "--virtual-time-budget=5000",
            "--dump-dom",
            page.toUri() + query);

    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(scratch.resolve("browser.log").toFile())
              .start();
      await(process);
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the browser did not end within " + DEADLINE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the browser ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
