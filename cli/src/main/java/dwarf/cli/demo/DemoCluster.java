package dwarf.cli.demo;

import dwarf.base.DwarfException;
import dwarf.process.ChildProcess;
import dwarf.process.Children;
import dwarf.process.DaemonArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of the demo, all on this machine. Each ends with the demo: it is reaped by {@link
 * Children}, and watches its standard input in case the demo itself is killed.
 */
final class DemoCluster implements AutoCloseable {

  static final int WORKERS = 2;

  /** Frozen memtables that wait before they are flushed: fewer stay where they are. */
  static final int FLUSHED_TOGETHER = 5;

  private static final Duration START = Duration.ofSeconds(60);

  /** What carries everything between the processes. */
  enum Transport {
    tcp,
    shm,
    ucx;

    /** An address that nobody else listens on; the name is that of a file nobody else has. */
    private String freeAddress(Path directory) {
      return switch (this) {
        case tcp -> "127.0.0.1:0";
        case shm -> "shm://" + directory.getFileName();
        case ucx -> "ucx://127.0.0.1:0";
      };
    }
  }

  /** Where everything lies, and how large the parts are. */
  record Layout(
      Path directory,
      Transport transport,
      String poolSize,
      String writeBufferSize,
      List<String> input) {

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

  /** Starts the memory node, at the address it had before if it ran already. */
  void startMemoryNode() {
    String listen = address == null ? layout.transport().freeAddress(layout.directory()) : address;
    memoryNode = startDaemon("memory-node", DaemonArguments.memoryNode(listen, layout.poolSize()));
    address = DaemonArguments.addressIn(memoryNode.receive(START));
  }

  void startWorkers() {
    for (int i = 1; i <= WORKERS; i++) {
      String name = "worker-" + i;
      startDaemon(name, DaemonArguments.worker(address, layout.storage(), name, 1)).receive(START);
    }
  }

  private ChildProcess startDaemon(String name, List<String> arguments) {
    List<String> verbose = new ArrayList<>(arguments);
    verbose.add("--verbose");
    return children.start(name, DaemonArguments.JVM_FLAGS, verbose);
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
