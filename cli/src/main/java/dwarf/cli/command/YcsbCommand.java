package dwarf.cli.command;

import dwarf.base.DwarfException;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.process.JavaCommand;
import dwarf.ycsb.DwarfClient;
import dwarf.ycsb.RocksClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ycsb}: the stock YCSB client on a database of either engine. */
@Command(
    name = "ycsb",
    description =
        "Run a core workload of YCSB (a to f) with the stock client, in a process of its own, on"
            + " a database of ours or on one of stock RocksDB with the same options. Prints what"
            + " the client prints. The exit status is 1 if an operation failed or a value was not"
            + " what was written.",
    footer = {
      "",
      "Properties of YCSB are given with -p. Those of the database begin with 'dwarf.' and are"
          + " named like the flags of 'dwarf bench'.",
      "",
      "Examples:",
      "  dwarf ycsb --workload a --db /tmp/ycsb --records 100000 --operations 1000000 --threads 4",
      "  dwarf ycsb --workload e --engine rocksdb --db /tmp/peer -p dwarf.write_buffer_size=16MiB",
      "  dwarf ycsb --workload b --db data --phase run -p dataintegrity=true"
    })
public final class YcsbCommand implements Callable<Integer> {

  private static final Pattern RETURN = Pattern.compile("\\[(.+)], Return=(\\w+), (\\d+)");
  private static final Pattern COUNT = Pattern.compile("\\[(.+)], Operations, (\\d+)");

  /** What one operation is counted as; a read-modify-write also as its read and its update. */
  private static final Map<String, Integer> COUNTED =
      Map.of("READ", 1, "UPDATE", 1, "INSERT", 1, "SCAN", 1, "READ-MODIFY-WRITE", -1);

  private final Io io;

  /** The core workloads. */
  enum Workload {
    A,
    B,
    C,
    D,
    E,
    F
  }

  /** Which database is driven. */
  enum Engine {
    DWARF(DwarfClient.class),
    ROCKSDB(RocksClient.class);

    private final Class<?> client;

    Engine(Class<?> client) {
      this.client = client;
    }
  }

  /** Which of the client's two phases to run. */
  enum Phase {
    LOAD,
    RUN,
    BOTH
  }

  @Option(
      names = "--workload",
      required = true,
      paramLabel = "a-f",
      description = "The core workload.")
  private Workload workload;

  @Option(
      names = "--engine",
      paramLabel = "dwarf|rocksdb",
      defaultValue = "dwarf",
      description = "The database (default: ${DEFAULT-VALUE}).")
  private Engine engine;

  @Option(names = "--db", required = true, paramLabel = "DIR", description = "Its directory.")
  private Path directory;

  @Option(
      names = "--phase",
      paramLabel = "load|run|both",
      defaultValue = "both",
      description = "Load the records, run the operations, or both (default: ${DEFAULT-VALUE}).")
  private Phase phase;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Records to load, or that are there (default: ${DEFAULT-VALUE}).")
  private long records;

  @Option(
      names = "--operations",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Operations to run (default: ${DEFAULT-VALUE}).")
  private long operations;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Client threads (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--memory-node",
      paramLabel = "ADDRESS",
      description =
          "Memory node to use: host:port, or shm://name on this host. Without it one runs inside"
              + " the client's process.")
  private String memoryNode;

  @Option(names = "-p", paramLabel = "NAME=VALUE", description = "A property for YCSB.")
  private Map<String, String> properties = new LinkedHashMap<>();

  public YcsbCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    Path file = Files.createTempFile("workload", ".properties");
    try {
      copyWorkload(file);
      boolean good = phase == Phase.RUN || runs("-load", file);
      good = good && (phase == Phase.LOAD || runs("-t", file));
      return good ? ExitCodes.OK : ExitCodes.FAILED;
    } finally {
      Files.delete(file);
    }
  }

  private void copyWorkload(Path to) throws IOException {
    String name = "workload" + workload.name().toLowerCase(Locale.ROOT) + ".properties";
    try (InputStream in = DwarfClient.class.getResourceAsStream(name)) {
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private boolean runs(String mode, Path file) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                mode,
                "-db",
                engine.client.getName(),
                "-P",
                file.toString(),
                "-threads",
                Integer.toString(threads)));
    Map<String, String> all = new LinkedHashMap<>();
    all.put("recordcount", Long.toString(records));
    all.put("operationcount", Long.toString(operations));
    all.put("dwarf.db", directory.toAbsolutePath().toString());
    if (memoryNode != null) {
      all.put("dwarf.memory_node", memoryNode);
    }
    all.putAll(properties);
    all.forEach((name, value) -> arguments.addAll(List.of("-p", name + "=" + value)));
    Process client =
        new ProcessBuilder(JavaCommand.of(site.ycsb.Client.class, List.of(), arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      Outcome outcome = passOn(client);
      int status = client.waitFor();
      return status == 0 && outcome.failed == 0 && isComplete(outcome, all, mode);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, "interrupted while the client ran", e);
    } finally {
      client.destroyForcibly();
    }
  }

  /** What the client said of its operations. */
  private static final class Outcome {
    private long done;
    private long failed;
  }

  /** The client's exit status is 0 whatever happened to its threads, so their work is counted. */
  private boolean isComplete(Outcome outcome, Map<String, String> properties, String mode) {
    String expected = properties.get(mode.equals("-load") ? "recordcount" : "operationcount");
    boolean unlimited = !properties.containsKey("maxexecutiontime");
    boolean complete = !unlimited || expected.equals(Long.toString(outcome.done));
    if (!complete) {
      io.err().println(outcome.done + " operations were done, not " + expected);
    }
    return complete;
  }

  /** Prints what the client says, and takes from it how its operations went. */
  private Outcome passOn(Process client) throws IOException {
    Outcome outcome = new Outcome();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        io.out().println(line);
        Matcher returned = RETURN.matcher(line);
        if (returned.matches() && !returned.group(2).equals("OK")) {
          outcome.failed += Long.parseLong(returned.group(3));
          io.err()
              .println(
                  "%s of %s operations ended with %s"
                      .formatted(returned.group(3), returned.group(1), returned.group(2)));
        }
        Matcher count = COUNT.matcher(line);
        if (count.matches()) {
          outcome.done += COUNTED.getOrDefault(count.group(1), 0) * Long.parseLong(count.group(2));
        }
      }
    }
    io.out().flush();
    return outcome;
  }
}
