package dwarf.node;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.node.worker.Worker;
import dwarf.node.worker.WorkerConfig;
import dwarf.protocol.EmbeddedCluster;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A memory node and a worker in the engine's own process, so that a database can be opened with no
 * daemon running. The code is that of the daemons; only the fabric differs.
 */
public final class InProcessCluster implements EmbeddedCluster {

  @Override
  public Running start(Path storageRoot, long poolBytes, int workerSlots) {
    Fabric fabric = Fabrics.open(FabricAddress.INPROC);
    FabricAddress address = FabricAddress.inproc("embedded-" + UUID.randomUUID());
    Started started = new Started(fabric, address);
    boolean complete = false;
    try {
      started.node = MemoryNode.start(MemoryNodeConfig.of(fabric, address, poolBytes));
      started.worker =
          Worker.start(WorkerConfig.of(fabric, address, storageRoot, "embedded", workerSlots));
      complete = true;
      return started;
    } finally {
      if (!complete) {
        started.close();
      }
    }
  }

  /** What has been started so far; closed in the opposite order. */
  private static final class Started implements Running {

    private final Fabric fabric;
    private final FabricAddress address;
    private MemoryNode node;
    private Worker worker;

    Started(Fabric fabric, FabricAddress address) {
      this.fabric = fabric;
      this.address = address;
    }

    @Override
    public Fabric fabric() {
      return fabric;
    }

    @Override
    public FabricAddress memoryNode() {
      return address;
    }

    @Override
    public void close() {
      if (worker != null) {
        worker.close();
      }
      if (node != null) {
        node.close();
      }
      fabric.close();
    }
  }
}
