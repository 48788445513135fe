package dwarf.engine;

import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.node.worker.Worker;
import dwarf.node.worker.WorkerConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * A memory node and workers of their own for a test, over TCP ("tcp") or shared memory ("shm"); or
 * nothing, for embedded use.
 */
final class TestCluster implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private RottingFabric fabric;
  private long poolBytes;
  private MemoryNode node;
  private String address;

  static TestCluster start(String transport, Path storageRoot, int workers, long poolBytes) {
    TestCluster cluster = new TestCluster();
    switch (transport) {
      case "tcp" -> cluster.start("tcp://127.0.0.1:0", storageRoot, poolBytes, workers);
      case "shm" ->
          cluster.start("shm://engine-" + UUID.randomUUID(), storageRoot, poolBytes, workers);
      default -> {}
    }
    return cluster;
  }

  private void start(String listen, Path storageRoot, long poolBytes, int workers) {
    this.poolBytes = poolBytes;
    fabric = new RottingFabric(Fabrics.open(FabricAddress.parse(listen).scheme()));
    open.push(fabric);
    startNode(listen);
    open.push(() -> node.close());
    for (int i = 0; i < workers; i++) {
      open.push(
          Worker.start(WorkerConfig.of(fabric, node.address(), storageRoot, "worker" + i, 2)));
    }
  }

  private void startNode(String listen) {
    node = MemoryNode.start(MemoryNodeConfig.of(fabric, FabricAddress.parse(listen), poolBytes));
    address = node.address().toString();
  }

  /** The memory node is gone with all it held; another one answers at its address. */
  void replaceNodeByAnEmptyOne() {
    node.close();
    startNode(address);
  }

  /** Flips a bit in every so many bytes of the memory that the node lends. */
  void damageMemory(int everyBytes) {
    fabric.flipBits(everyBytes);
  }

  /** Null for the embedded node. */
  String address() {
    return address;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
