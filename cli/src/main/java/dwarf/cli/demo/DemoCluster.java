package dwarf.cli.demo;

import dwarf.base.DwarfException;
import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processes of the demo, all on the loopback interface. Each ends with the demo: it is reaped
 * by {@link Children}, and watches its standard input in case the demo itself is killed.
 */
final class DemoCluster implements AutoCloseable {

  static final int WORKERS = 2;

  /** Frozen memtables that wait before they are flushed: fewer stay where they are. */
  static final int FLUSHED_TOGETHER = 5;

  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern ADDRESS = Pattern.compile("ready on (?:tcp://)?([^,\\s]+)");

  /** Where everything lies, and how large the parts are. */
  record Layout(Path directory, String poolSize, String writeBufferSize, List<String> input) {

    Path storage() {
      return directory.resolve("storage");
    }

    Path database() {
      return storage().resolve("db");
    }

    Path logs() {
      return directory.resolve("logs");
    }
  }

  private final Layout layout;
  private final Children children;
  private ChildProcess memoryNode;
  private String address;
  private EngineClient engine;

  DemoCluster(Class<?> mainClass, Layout layout) {
    this.layout = layout;
    try {
      Files.createDirectories(layout.storage());
      Files.createDirectories(layout.logs());
    } catch (IOException e) {
      throw DwarfException.io("cannot create " + layout.directory() + ": " + e, e);
    }
    children = new Children(mainClass, layout.logs());
  }

  /** Starts the memory node, on the port it had before if it ran already. */
  void startMemoryNode() {
    String listen = address == null ? "127.0.0.1:0" : address;
    memoryNode =
        children.start(
            "memory-node",
            List.of("-Xmx256m", "-XX:+UseSerialGC"),
            List.of(
                "memory-node",
                "--listen",
                listen,
                "--pool",
                layout.poolSize(),
                "--exit-with-parent",
                "--verbose"));
    String line = memoryNode.receive(START);
    Matcher ready = ADDRESS.matcher(line);
    if (!ready.find()) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, "the memory node did not say where it listens: " + line);
    }
    address = ready.group(1);
  }

  void startWorkers() {
    for (int i = 1; i <= WORKERS; i++) {
      ChildProcess worker =
          children.start(
              "worker-" + i,
              List.of("-Xmx256m", "-XX:+UseSerialGC"),
              List.of(
                  "worker",
                  "--memory-node",
                  address,
                  "--storage",
                  layout.storage().toString(),
                  "--slots",
                  "1",
                  "--name",
                  "worker-" + i,
                  "--exit-with-parent",
                  "--verbose"));
      worker.receive(START);
    }
  }

  /** Starts an engine process; it has opened the database when this returns. */
  EngineClient.EngineState startEngine() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("demo-engine", "--verbose"));
    arguments.addAll(List.of("--db", layout.database().toString()));
    arguments.addAll(List.of("--memory-node", address, "--create-if-missing"));
    arguments.addAll(List.of("--storage-root", layout.storage().toString()));
    arguments.addAll(List.of("--write-buffer-size", layout.writeBufferSize()));
    arguments.addAll(List.of("--min-write-buffer-number-to-merge", "" + FLUSHED_TOGETHER));
    arguments.addAll(layout.input());
    engine =
        new EngineClient(
            children.start("engine", List.of("-Xmx512m", "-XX:+UseSerialGC"), arguments));
    return engine.answer(state -> true);
  }

  EngineClient engine() {
    return engine;
  }

  ChildProcess memoryNode() {
    return memoryNode;
  }

  Layout layout() {
    return layout;
  }

  @Override
  public void close() {
    children.close();
  }
}
