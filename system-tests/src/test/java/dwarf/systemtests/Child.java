package dwarf.systemtests;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real process of ours: speaks lines on stdin and stdout, and can be killed and stopped. */
public final class Child implements AutoCloseable {

  private static final String END = "<end of output>";

  private final String name;
  private final Process process;
  private final BufferedWriter input;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread.ofPlatform().daemon().name("output of " + name).start(this::pump);
  }

  /**
   * Runs a main class with this JVM's class path; its stderr goes to a file beside the data, and so
   * do its temporary files: who is killed cannot remove the libraries that it has unpacked.
   *
   * @param flags for the JVM
   */
  static Child start(
      String name, Path directory, List<String> flags, Class<?> main, Object... arguments) {
    List<String> all = new ArrayList<>(flags);
    all.add("-Djava.io.tmpdir=" + directory);
    try {
      Process process =
          new ProcessBuilder(command(all, main, arguments))
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(directory.resolve(name + ".log").toFile()))
              .start();
      return new Child(name, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> command(List<String> flags, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx256m");
    command.add("-Dlogback.configurationFile=child-logback.xml");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  private void pump() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("<output broke: " + e + ">");
    }
    lines.add(END);
  }

  public void send(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }

  /** The next line; null when the process has ended its output. */
  public String next(Duration patience) throws InterruptedException {
    String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new AssertionError(name + " said nothing for " + patience);
    }
    return line.equals(END) ? null : line;
  }

  /** Waits for a line that begins so, and returns the rest of it. */
  String await(String prefix) throws InterruptedException {
    while (true) {
      String line = next(Duration.ofSeconds(60));
      if (line == null) {
        throw new AssertionError(name + " ended before it said '" + prefix + "'");
      }
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length()).strip();
      }
      if (line.startsWith("error")) {
        throw new AssertionError(name + ": " + line);
      }
    }
  }

  void signal(String which) throws Exception {
    int exit =
        new ProcessBuilder("kill", "-" + which, Long.toString(process.pid())).start().waitFor();
    if (exit != 0) {
      throw new AssertionError("kill -" + which + " " + name + " failed");
    }
  }

  /** kill -9, and waits until the process is gone; what it has said can still be read. */
  public void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
