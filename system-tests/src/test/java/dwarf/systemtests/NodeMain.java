package dwarf.systemtests;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import java.time.Duration;

/**
 * A memory node in a process of its own, until its stdin ends. Arguments: address to listen on,
 * task lease in milliseconds, step at which to die or {@value StepHalt#NEVER}, and at which
 * occurrence of it.
 */
final class NodeMain {

  private static final long POOL_BYTES = 64L << 20;
  private static final Duration LEASE = Duration.ofSeconds(60);

  private NodeMain() {}

  public static void main(String[] args) throws Exception {
    FabricAddress address = FabricAddress.parse(args[0]);
    Duration taskLease = Duration.ofMillis(Long.parseLong(args[1]));
    try (Fabric fabric = Fabrics.open(address.scheme());
        MemoryNode node =
            MemoryNode.start(
                MemoryNodeConfig.of(fabric, address, POOL_BYTES)
                    .withLeases(LEASE, taskLease)
                    .withSteps(new StepHalt(args[2], Integer.parseInt(args[3]))))) {
      System.out.println("ready " + node.address());
      System.in.transferTo(System.err);
    }
  }
}
