package dwarf.cli.command;

import dwarf.base.DwarfException;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.SizeConverter;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.worker.Worker;
import dwarf.node.worker.WorkerConfig;
import dwarf.process.Lifetime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code worker}: the daemon that lends cores. */
@Command(
    name = "worker",
    description =
        "Lend cores of this machine: takes flush tasks from a memory node, reads memtables out of"
            + " it and writes SST files to the shared directory. Prints one line when it is ready"
            + " and runs until SIGTERM or SIGINT. A task of a worker that dies is run again"
            + " elsewhere.",
    footer = {
      "",
      "Examples:",
      "  dwarf worker --memory-node 127.0.0.1:7000 --storage /mnt/shared --slots 2",
      "  dwarf worker --memory-node shm://memory --storage /mnt/shared"
    })
public final class WorkerCommand implements Callable<Integer> {

  private final Io io;

  @Option(
      names = "--memory-node",
      required = true,
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "The memory node to take tasks from: host:port, or shm://name on this host.")
  private FabricAddress memoryNode;

  @Option(
      names = "--storage",
      required = true,
      paramLabel = "DIR",
      description = "The shared directory below which the databases lie.")
  private Path storage;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "1",
      description = "Tasks to run at a time (default ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--storage-cap",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Bytes a second that this machine's path to the storage carries, like 200MiB; a worker"
              + " close to it gets less work. Default: unknown, only slots count.")
  private Long storageCap;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to be called in logs; default: worker and the process's number.")
  private String name;

  @Option(names = "--exit-with-parent", hidden = true)
  private boolean exitWithParent;

  public WorkerCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (!Files.isDirectory(storage)) {
      throw DwarfException.invalid(
          "--storage " + storage + " is not a directory: create or mount it first");
    }
    String called = name == null ? "worker-" + ProcessHandle.current().pid() : name;
    try (Lifetime life = new Lifetime(exitWithParent);
        Fabric fabric = Fabrics.open(memoryNode.scheme())) {
      WorkerConfig config = WorkerConfig.of(fabric, memoryNode, storage, called, slots);
      if (storageCap != null) {
        config = config.withTuning(config.tuning().withStorageCap(storageCap));
      }
      Worker worker = Worker.start(config);
      io.say(
          "worker ready: %s with %d slots for %s, storage %s"
              .formatted(called, slots, memoryNode, storage));
      life.run(worker);
    }
    return ExitCodes.OK;
  }
}
