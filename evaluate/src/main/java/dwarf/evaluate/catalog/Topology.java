package dwarf.evaluate.catalog;

import dwarf.evaluate.testbed.NodeSpec;

/**
 * The machines of an experiment. The peer gets the same compute nodes with the same quotas; the
 * memory node and the workers are what disaggregation adds, and it has no use for them.
 *
 * @param busy compute nodes with an engine and its load
 * @param idle compute nodes with nothing to do
 * @param lending whether each compute node, busy or idle, lends a worker
 * @param workers nodes that do nothing but lend a worker
 * @param computeCores of each compute node
 * @param storageBytesPerSecond of each node's path to the storage
 * @param poolBytes of disaggregated memory; 0: none, and then no memory node and no workers
 */
public record Topology(
    int busy,
    int idle,
    boolean lending,
    int workers,
    double computeCores,
    long storageBytesPerSecond,
    long poolBytes) {

  /** Of a memory node: searching for others and receiving from them takes some. */
  public static final double MEMORY_CORES = 0.4;

  /** Of a node that does nothing but lend a worker. */
  public static final double WORKER_CORES = 0.3;

  /** One compute node with two workers apart. */
  static Topology single(long poolBytes, long storageBytesPerSecond) {
    return new Topology(1, 0, false, 2, 0.8, storageBytesPerSecond, poolBytes);
  }

  /** One process on all cores and the storage itself; what serves ours runs within it. */
  static Topology embedded() {
    return new Topology(1, 0, false, 0, NodeSpec.UNLIMITED_CORES, NodeSpec.UNLIMITED_STORAGE, 0);
  }

  /** Some compute nodes that share what they have. */
  static Topology neighbours(int busy, int idle, long poolBytes, long storageBytesPerSecond) {
    return new Topology(busy, idle, true, 0, 0.4, storageBytesPerSecond, poolBytes);
  }

  Topology withWorkers(int count) {
    return new Topology(busy, idle, lending, count, computeCores, storageBytesPerSecond, poolBytes);
  }

  Topology withPool(long bytes) {
    return new Topology(busy, idle, lending, workers, computeCores, storageBytesPerSecond, bytes);
  }

  Topology withStorage(long bytesPerSecond) {
    return new Topology(busy, idle, lending, workers, computeCores, bytesPerSecond, poolBytes);
  }

  public boolean hasDm() {
    return poolBytes > 0;
  }
}
