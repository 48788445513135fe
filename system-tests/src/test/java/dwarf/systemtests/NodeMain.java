package dwarf.systemtests;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A memory node in a process of its own, until its stdin ends. Arguments: address to listen on,
 * task lease in milliseconds. The one command on stdin is {@code die STEP OCCURRENCE}, from now on.
 */
final class NodeMain {

  private static final long POOL_BYTES = 64L << 20;
  private static final Duration LEASE = Duration.ofSeconds(60);

  private NodeMain() {}

  public static void main(String[] args) throws Exception {
    FabricAddress address = FabricAddress.parse(args[0]);
    Duration taskLease = Duration.ofMillis(Long.parseLong(args[1]));
    StepHalt halt = new StepHalt(StepHalt.NEVER, 1);
    try (Fabric fabric = Fabrics.open(address.scheme());
        MemoryNode node =
            MemoryNode.start(
                MemoryNodeConfig.of(fabric, address, POOL_BYTES)
                    .withLeases(LEASE, taskLease)
                    .withSteps(halt));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready " + node.address());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        halt.arm(words[1], Integer.parseInt(words[2]));
        System.out.println("armed");
      }
    }
  }
}
