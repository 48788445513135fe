package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.base.FileTree;
import dwarf.bench.report.JsonFile;
import dwarf.bench.report.Machine;
import dwarf.cli.DwarfCli;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.text.Table;
import dwarf.fabric.FabricAddress;
import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fabric-bench}: see the package. */
@Command(
    name = "fabric-bench",
    description = {
      "Measure the transports between two processes on this machine: a request of 64 bytes and its",
      "reply of 128, alone and with 8 in flight; a one-sided read of 4 KiB; a one-sided write of",
      "16 MiB. Beside them, what none can beat: a plain socket, and a copy in memory.",
      "",
      "Medians are of one operation, from call to end. Two processes need two free processors each",
      "of which may poll; on a busy machine the numbers say more about the machine."
    },
    footer = {
      "",
      "Transports: inproc, tcp, ucx-tcp (UCX over TCP), ucx-shm (UCX over shared memory), ucx (UCX",
      "decides: on a host with an RDMA card, what the machine has). What is not installed is left",
      "out, and that is said. See docs/fabric.md.",
      "",
      "Examples:",
      "  dwarf fabric-bench                              all, about a second per number",
      "  dwarf fabric-bench --only tcp,ucx-shm --seconds 5",
      "  dwarf fabric-bench --json=transports.json"
    })
public final class FabricBenchCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double IMAGE_GB = (16 << 20) / 1e9;

  /** Name to {scheme, UCX's transports or nothing}. */
  private static final Map<String, List<String>> TRANSPORTS = new LinkedHashMap<>();

  static {
    TRANSPORTS.put("inproc", List.of(FabricAddress.INPROC, ""));
    TRANSPORTS.put("tcp", List.of(FabricAddress.TCP, ""));
    TRANSPORTS.put("shm", List.of("shm", ""));
    TRANSPORTS.put("ucx-tcp", List.of("ucx", "tcp"));
    TRANSPORTS.put("ucx-shm", List.of("ucx", "posix,sysv,tcp"));
    TRANSPORTS.put("ucx", List.of("ucx", ""));
  }

  private final Io io;

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "NAME,...",
      split = ",",
      description = "Only these transports.")
  private List<String> only = List.copyOf(TRANSPORTS.keySet());

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How long each number is measured, after a warm-up of the same time (default"
              + " ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything there too.")
  private Path json;

  public FabricBenchCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (!(seconds >= 0.01 && seconds <= 60)) {
      throw new ParameterException(spec.commandLine(), "--seconds: 0.01 to 60");
    }
    for (String name : only) {
      if (!TRANSPORTS.containsKey(name)) {
        throw new ParameterException(
            spec.commandLine(), "no transport '" + name + "': there are " + TRANSPORTS.keySet());
      }
    }
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    Floors floors = new Floors(seconds);
    io.err().println("measuring copies and a plain socket");
    results.set("(copy)", floors.copy());
    results.set("(socket)", floors.socket());
    boolean failed = false;
    for (String name : only) {
      failed |= !measure(name, results);
    }
    io.say(table(results).toString().stripTrailing());
    if (json != null) {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      all.set("machine", Machine.describe());
      all.put("seconds", seconds);
      all.set("transports", results);
      JsonFile.write(json, all);
    }
    return failed ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private boolean measure(String name, ObjectNode results) {
    io.err().println("measuring " + name);
    try {
      results.set(name, new JsonMapper().readTree(inProcesses(name)));
      return true;
    } catch (DwarfException e) {
      if (e.getMessage().contains("no transport") || e.getMessage().contains("libucx0")) {
        io.err().println(name + " is not available here; docs/fabric.md says what it needs");
        return true;
      }
      io.err().println(name + " failed: " + e.getMessage());
      return false;
    } catch (IOException e) {
      throw DwarfException.io("unreadable result of " + name + ": " + e, e);
    }
  }

  private String inProcesses(String name) throws IOException {
    String scheme = TRANSPORTS.get(name).getFirst();
    List<String> flags = List.of("-Ddwarf.ucx.tls=" + TRANSPORTS.get(name).getLast());
    Path logs = Files.createTempDirectory("dwarf-fabric-bench");
    try (Children children = new Children(DwarfCli.class, logs)) {
      List<String> part =
          List.of("fabric-bench-part", "--scheme", scheme, "--seconds", "" + seconds);
      ChildProcess server = children.start("server", flags, part);
      String first = server.receive(PATIENCE);
      if (scheme.equals(FabricAddress.INPROC)) {
        return first;
      }
      int space = first.indexOf(' ');
      List<String> client = new ArrayList<>(part);
      client.addAll(
          List.of("--address", first.substring(0, space), "--key", first.substring(space + 1)));
      return children.start("client", flags, client).receive(PATIENCE);
    } finally {
      FileTree.remove(logs);
    }
  }

  static Table table(JsonNode results) {
    Table table = new Table("lrrrrr");
    table.row(
        "transport", "request us", "1 in flight/s", "8 in flight/s", "read 4K us", "write GB/s");
    results
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode row = results.path(name);
              table.row(
                  name,
                  number("%,.1f", row.path("request").path("medianMicros"), 1),
                  number("%,.0f", row.path("request").path("perSecond"), 1),
                  number("%,.0f", row.path("request8").path("perSecond"), 1),
                  number("%,.1f", row.path("read4KiB").path("medianMicros"), 1),
                  number("%,.2f", row.path("write16MiB").path("perSecond"), IMAGE_GB));
            });
    return table;
  }

  private static String number(String format, JsonNode value, double factor) {
    return value.isNumber() ? String.format(Locale.ROOT, format, value.asDouble() * factor) : "-";
  }
}
