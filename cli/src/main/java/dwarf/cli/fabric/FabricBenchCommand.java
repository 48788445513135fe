package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.bench.report.JsonFile;
import dwarf.bench.report.Machine;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fabric-bench}: see the package. */
@Command(
    name = "fabric-bench",
    description = {
      "Measure the transports between two processes on this machine: a request of 64 bytes and"
          + " its reply of 128, alone and with 8 in flight; a one-sided read of 4 KiB; the same"
          + " with the search of a key in a real shard, block verified; a one-sided write of 16"
          + " MiB. Beside them, what none can beat: a copy in memory, a plain socket, and in"
          + " parentheses UCX by itself, polled without end, whose write is a bare put. With shm,"
          + " also whole gets of keys in disaggregated memory, and RocksDB's of keys in its"
          + " cache. Then the goals that the project has set itself.",
      "",
      "Times are of one operation, from call to end. Two processes need two free processors each of"
          + " which may poll; on a busy machine the numbers say more about the machine."
    },
    footer = {
      "",
      "Transports: inproc, tcp, shm, ucx-tcp (UCX over TCP), ucx-shm (UCX over shared memory),"
          + " ucx (UCX decides: on a host with an RDMA card, what the machine has). What is not"
          + " installed is left out, and that is said. See docs/fabric.md.",
      "",
      "Examples:",
      "  dwarf fabric-bench                              all, about ten minutes",
      "  dwarf fabric-bench --only tcp,ucx-shm --seconds 5",
      "  dwarf fabric-bench --json=transports.json"
    })
public final class FabricBenchCommand implements Callable<Integer> {

  private final Io io;

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "NAME,...",
      split = ",",
      description = "Only these transports.")
  private List<String> only = List.copyOf(Subject.TRANSPORTS.keySet());

  @Mixin private Times times;

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything there too.")
  private Path json;

  private boolean failed;

  public FabricBenchCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    checkArguments();
    List<Subject> subjects = new ArrayList<>(Subject.withFloors(only));
    List<ObjectNode> rounds = new ArrayList<>();
    for (int round = 1; round <= times.rounds; round++) {
      io.err().println("round " + round + " of " + times.rounds);
      rounds.add(measure(subjects));
    }
    ObjectNode results = Medians.of(rounds);
    Goals goals = new Goals(results);
    io.say(ResultTable.of(results) + "\n" + goals.table().toString().stripTrailing());
    if (json != null) {
      write(results, goals);
    }
    return failed ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private void checkArguments() {
    if (!times.areSane()) {
      throw new ParameterException(
          spec.commandLine(), "--seconds, --warm-up: 0.01 to 60; --rounds: 1 to 100");
    }
    for (String name : only) {
      if (!Subject.TRANSPORTS.containsKey(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "no transport '" + name + "': there are " + Subject.TRANSPORTS.keySet());
      }
    }
  }

  /** One round; what turns out not to be available is not tried again. */
  private ObjectNode measure(List<Subject> subjects) {
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    Floors floors = new Floors(times);
    io.err().println("measuring copies and a plain socket");
    results.set("(copy)", floors.copy());
    results.set("(socket)", floors.socket());
    subjects.removeIf(subject -> !measure(subject, results));
    return results;
  }

  private boolean measure(Subject subject, ObjectNode results) {
    String name = subject.name();
    io.err().println("measuring " + name);
    try {
      ObjectNode measured = new TwoProcesses(subject, times).measure();
      if (name.equals("shm")) {
        io.err().println("measuring gets of keys");
        new KeyGets(times).into(measured);
      }
      results.set(name, measured);
      return true;
    } catch (DwarfException e) {
      if (e.getMessage().contains("no transport") || e.getMessage().contains("libucx0")) {
        io.err().println(name + " is not available here; docs/fabric.md says what it needs");
      } else {
        failed = true;
        io.err().println(name + " failed: " + e.getMessage());
      }
      return false;
    } catch (IOException e) {
      throw DwarfException.io("unreadable result of " + name + ": " + e, e);
    }
  }

  private void write(ObjectNode results, Goals goals) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.set("machine", Machine.describe());
    all.put("seconds", times.seconds);
    all.put("warmUpSeconds", times.warmUp);
    all.put("rounds", times.rounds);
    all.set("transports", results);
    all.set("goals", goals.json());
    JsonFile.write(json, all);
  }
}
