package dwarf.node.memory;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.base.StepListener;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import java.time.Duration;

/**
 * How a memory node runs.
 *
 * @param fabric the caller's, which closes it after the node
 * @param poolBytes memory to lend; takes physical pages only where it is used
 * @param limits the bounds of what clients may ask
 * @param lease a database not heard of for this long loses its memory
 * @param taskLease a worker or a running flush task not heard of for this long is given up
 * @param giveBackBytes freed memory of at least this size goes back to the operating system; {@link
 *     Long#MAX_VALUE} where the fabric pins memory
 * @param rocksVersion the RocksDB version workers must write with; empty accepts every version
 */
public record MemoryNodeConfig(
    Fabric fabric,
    FabricAddress address,
    long poolBytes,
    Limits limits,
    Duration lease,
    Duration taskLease,
    long giveBackBytes,
    String rocksVersion,
    Clock clock,
    StepListener steps) {

  /**
   * The bounds of what clients may ask.
   *
   * @param readThreads threads that serve delegated reads
   * @param maxQueuedReads delegated reads that may wait for a thread; more are refused as BUSY
   * @param maxReadsPerDatabase of those, how many may be one database's
   * @param databaseQuotaBytes most memory one database may hold, whatever it asks for
   * @param scanTime how long one scan request may run before it answers with what it has
   */
  public record Limits(
      int readThreads,
      int maxQueuedReads,
      int maxReadsPerDatabase,
      long databaseQuotaBytes,
      Duration scanTime) {

    public static final Limits DEFAULTS =
        new Limits(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16),
            1024,
            512,
            Long.MAX_VALUE,
            Duration.ofMillis(20));

    public Limits {
      require(
          readThreads > 0 && maxQueuedReads > 0 && maxReadsPerDatabase > 0,
          "numbers of threads and reads must be positive");
      require(databaseQuotaBytes > 0, "databaseQuotaBytes must be positive");
      require(scanTime.isPositive(), "scanTime must be positive");
    }

    public Limits withReadThreads(int threads) {
      return new Limits(threads, maxQueuedReads, maxReadsPerDatabase, databaseQuotaBytes, scanTime);
    }

    public Limits withDatabaseQuota(long bytes) {
      return new Limits(readThreads, maxQueuedReads, maxReadsPerDatabase, bytes, scanTime);
    }
  }

  public MemoryNodeConfig {
    require(poolBytes > 0, "poolBytes must be positive");
    require(lease.isPositive() && taskLease.isPositive(), "leases must be positive");
    require(giveBackBytes >= 0, "giveBackBytes must not be negative");
  }

  /** A node with the usual bounds. */
  public static MemoryNodeConfig of(Fabric fabric, FabricAddress address, long poolBytes) {
    return new MemoryNodeConfig(
        fabric,
        address,
        poolBytes,
        Limits.DEFAULTS,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        1 << 20,
        "",
        Clock.SYSTEM,
        StepListener.NONE);
  }

  public MemoryNodeConfig withLimits(Limits bounds) {
    return new MemoryNodeConfig(
        fabric,
        address,
        poolBytes,
        bounds,
        lease,
        taskLease,
        giveBackBytes,
        rocksVersion,
        clock,
        steps);
  }

  public MemoryNodeConfig withLeases(Duration database, Duration task) {
    return new MemoryNodeConfig(
        fabric,
        address,
        poolBytes,
        limits,
        database,
        task,
        giveBackBytes,
        rocksVersion,
        clock,
        steps);
  }

  public MemoryNodeConfig withRocksVersion(String version) {
    return new MemoryNodeConfig(
        fabric, address, poolBytes, limits, lease, taskLease, giveBackBytes, version, clock, steps);
  }

  public MemoryNodeConfig withClock(Clock time) {
    return new MemoryNodeConfig(
        fabric,
        address,
        poolBytes,
        limits,
        lease,
        taskLease,
        giveBackBytes,
        rocksVersion,
        time,
        steps);
  }

  public MemoryNodeConfig withSteps(StepListener listener) {
    return new MemoryNodeConfig(
        fabric,
        address,
        poolBytes,
        limits,
        lease,
        taskLease,
        giveBackBytes,
        rocksVersion,
        clock,
        listener);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw DwarfException.invalid("memory node option: " + rule);
    }
  }
}
