package dwarf.cli.command;

import dwarf.base.ByteSize;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.db.SizeConverter;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.process.Lifetime;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code memory-node}: the daemon that lends memory. */
@Command(
    name = "memory-node",
    description =
        "Lend memory of this machine: keeps the full memtables of engines, searches them on"
            + " request, and hands flush tasks to workers. Prints one line when it is ready, with"
            + " the port it listens on, and runs until SIGTERM or SIGINT. What it holds is a"
            + " copy: engines rebuild it from their logs if this process dies.",
    footer = {
      "",
      "Examples:",
      "  dwarf memory-node --listen 127.0.0.1:7000 --pool 2GiB",
      "  dwarf memory-node --listen shm://memory --pool 8GiB",
      "  dwarf memory-node --listen 0.0.0.0:7000 --pool 64GiB --insecure"
    })
public final class MemoryNodeCommand implements Callable<Integer> {

  private final Io io;

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description =
          "Where to listen: host:port, where port 0 takes a free one, or shm://name for engines and"
              + " workers of the same user on this host, which then read the memory themselves.")
  private FabricAddress listen;

  @Option(
      names = "--pool",
      required = true,
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Memory to lend, like 2GiB; taken from the system only as it is used.")
  private Long pool;

  @Option(
      names = "--lease",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "An engine not heard of for so long loses its memory (default 60).")
  private int leaseSeconds;

  @Option(
      names = "--database-quota",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "The most that one database gets; default: all there is.")
  private Long databaseQuota;

  @Option(
      names = "--read-threads",
      paramLabel = "N",
      description = "Threads that search memtables for engines; default: one for each processor.")
  private Integer readThreads;

  @Option(
      names = "--insecure",
      description = "Listen where other machines can connect, without encryption or passwords.")
  private boolean insecure;

  @Option(names = "--exit-with-parent", hidden = true)
  private boolean exitWithParent;

  public MemoryNodeCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    FabricOptions options = FabricOptions.DEFAULTS.withInsecure(insecure);
    try (Lifetime life = new Lifetime(exitWithParent);
        Fabric fabric = Fabrics.open(listen.scheme(), options)) {
      MemoryNodeConfig usual = MemoryNodeConfig.of(fabric, listen, pool);
      MemoryNode node =
          MemoryNode.start(
              usual
                  .withLeases(Duration.ofSeconds(leaseSeconds), usual.taskLease())
                  .withLimits(limits(usual.limits())));
      io.say("memory-node ready on " + node.address() + ", lending " + ByteSize.show(pool));
      life.run(node);
    }
    return ExitCodes.OK;
  }

  private MemoryNodeConfig.Limits limits(MemoryNodeConfig.Limits usual) {
    MemoryNodeConfig.Limits limits = usual;
    if (databaseQuota != null) {
      limits = limits.withDatabaseQuota(databaseQuota);
    }
    return readThreads == null ? limits : limits.withReadThreads(readThreads);
  }
}
