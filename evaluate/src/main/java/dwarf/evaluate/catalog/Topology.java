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
 * @param pool of disaggregated memory
 */
public record Topology(
    int busy,
    int idle,
    boolean lending,
    int workers,
    double computeCores,
    long storageBytesPerSecond,
    Pool pool) {

  /** How others reach the memory of the memory node. */
  public enum Reach {
    /** Through the loopback interface: every byte costs both sides processor time. */
    TCP,
    /**
     * By loading it, as with CXL; what one-sided reads over RDMA come closest to on one machine.
     */
    SHARED_MEMORY
  }

  /**
   * Disaggregated memory.
   *
   * @param bytes 0: none, and then there is no memory node and there are no workers
   */
  public record Pool(long bytes, Reach reach) {

    static final Pool NONE = new Pool(0, Reach.TCP);
  }

  /** Of a memory node: searching for others and receiving from them takes some. */
  public static final double MEMORY_CORES = 0.4;

  /** Of a node that does nothing but lend a worker. */
  public static final double WORKER_CORES = 0.3;

  /** One compute node with two workers apart. */
  static Topology single(long poolBytes, long storageBytesPerSecond) {
    return new Topology(1, 0, false, 2, 0.8, storageBytesPerSecond, new Pool(poolBytes, Reach.TCP));
  }

  /** One process on all cores and the storage itself; what serves ours runs within it. */
  static Topology embedded() {
    return new Topology(
        1, 0, false, 0, NodeSpec.UNLIMITED_CORES, NodeSpec.UNLIMITED_STORAGE, Pool.NONE);
  }

  /** Some compute nodes that share what they have. */
  static Topology neighbours(int busy, int idle, long poolBytes, long storageBytesPerSecond) {
    return new Topology(
        busy, idle, true, 0, 0.4, storageBytesPerSecond, new Pool(poolBytes, Reach.TCP));
  }

  Topology withWorkers(int count) {
    return new Topology(busy, idle, lending, count, computeCores, storageBytesPerSecond, pool);
  }

  Topology withPool(long bytes) {
    return with(new Pool(bytes, pool.reach));
  }

  Topology withReach(Reach reach) {
    return with(new Pool(pool.bytes, reach));
  }

  private Topology with(Pool other) {
    return new Topology(busy, idle, lending, workers, computeCores, storageBytesPerSecond, other);
  }

  Topology withStorage(long bytesPerSecond) {
    return new Topology(busy, idle, lending, workers, computeCores, bytesPerSecond, pool);
  }

  public boolean hasDm() {
    return pool.bytes > 0;
  }
}
