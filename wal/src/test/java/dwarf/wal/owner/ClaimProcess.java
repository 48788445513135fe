package dwarf.wal.owner;

import dwarf.base.DwarfException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A process that claims a directory when told and holds it until killed; and its handle. */
final class ClaimProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ClaimProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ClaimProcess start(Path database) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ClaimProcess.class.getName(),
            database.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    ClaimProcess started =
        new ClaimProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    started.expect("ready");
    return started;
  }

  /** Lets it claim; the answer comes by {@link #answer}. */
  void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  String answer() throws IOException {
    return output.readLine();
  }

  long pid() {
    return process.pid();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  private void expect(String line) throws IOException {
    String found = output.readLine();
    if (!line.equals(found)) {
      throw new IOException("the process says " + found + " instead of " + line);
    }
  }

  public static void main(String[] arguments) throws IOException {
    System.out.println("ready");
    System.in.read();
    String answer;
    try {
      Ownership ownership =
          DatabaseDirectory.claim(
              Path.of(arguments[0]), ClaimOptions.defaults().withCreateIfMissing(true));
      answer = "epoch " + ownership.epoch();
    } catch (DwarfException e) {
      answer = e.kind().name();
    }
    System.out.println(answer);
    System.in.read();
  }
}
