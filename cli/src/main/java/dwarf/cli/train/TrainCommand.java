package dwarf.cli.train;

import dwarf.base.DwarfException;
import dwarf.base.FileTree;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.node.worker.Worker;
import dwarf.node.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code train}: memory node, worker and engines under load, all in this process. The build runs it
 * with {@code -XX:AOTCacheOutput}: the JVM keeps which classes were used and how the methods
 * behaved, and with that file ({@code -XX:AOTCache}, JEP 483, 514 and 515) a process has them from
 * its first second on. A memory node on 0.4 processors otherwise needs a minute of load until its
 * compilers have seen enough, and compiles much of it twice.
 *
 * <p>In one process, though nothing else runs so: one file then serves every command, and code that
 * several roles share is recorded with all they do to it, so that none of them has to be compiled
 * again where another has been before.
 */
@Command(
    name = "train",
    hidden = true,
    description = "A load for a JVM that records what it does; the build runs it.")
public final class TrainCommand implements Callable<Integer> {

  private static final long POOL_BYTES = 256L << 20;

  private final Io io;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "How long each benchmark runs (default ${DEFAULT-VALUE}).")
  private int seconds;

  @Spec private CommandSpec spec;

  public TrainCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (seconds < 1 || seconds > 60) {
      throw new ParameterException(spec.commandLine(), "--seconds=" + seconds + ": 1 to 60");
    }
    Path directory = newDirectory();
    try {
      TrainingLoad load = new TrainingLoad(directory, seconds);
      withDaemons(FabricAddress.parse("127.0.0.1:0"), directory, flags -> load.all("tcp", flags));
      trainSharedMemory(directory, load);
      load.few("embedded", Map.of("engine", "dwarf"));
    } finally {
      FileTree.remove(directory);
    }
    io.say("trained");
    return ExitCodes.OK;
  }

  private void trainSharedMemory(Path directory, TrainingLoad load) {
    FabricAddress address = FabricAddress.shm("dwarf-train-" + UUID.randomUUID());
    try {
      withDaemons(address, directory, flags -> load.few("shm", flags));
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.NOT_SUPPORTED) {
        throw e;
      }
      io.say("not trained: " + e.getMessage());
    }
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("dwarf-train");
    } catch (IOException e) {
      throw DwarfException.io("cannot make a directory to train in: " + e, e);
    }
  }

  /**
   * Starts a memory node and a worker.
   *
   * @param load gets the flags for an engine that uses them
   */
  private static void withDaemons(
      FabricAddress listen, Path storage, Consumer<Map<String, String>> load) {
    try (Fabric fabric = Fabrics.open(listen.scheme());
        MemoryNode node = MemoryNode.start(MemoryNodeConfig.of(fabric, listen, POOL_BYTES))) {
      FabricAddress address = node.address();
      Worker worker = Worker.start(WorkerConfig.of(fabric, address, storage, "train", 1));
      try {
        load.accept(
            Map.of(
                "engine", "dwarf",
                "memory_node", address.toString(),
                "storage_root", storage.toString()));
      } finally {
        worker.close();
      }
    }
  }
}
