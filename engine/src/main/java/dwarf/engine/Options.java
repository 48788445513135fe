package dwarf.engine;

import dwarf.base.DwarfException;
import dwarf.base.StepListener;
import dwarf.storage.RocksOptions;
import dwarf.wal.RecoveryMode;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a database is opened. Names, defaults and meanings are RocksDB's where it has the option;
 * everything about the SST tier itself goes through {@link #setRocksOptions}, so every RocksDB
 * option stays reachable. Set before {@link DwarfDB#open}; not changed after.
 */
public final class Options {

  private static final long MIN_WRITE_BUFFER = 64 << 10;

  private boolean createIfMissing;
  private boolean errorIfExists;
  private boolean createMissingColumnFamilies;
  private long writeBufferSize = 64L << 20;
  private int maxWriteBufferNumber = 2;
  private int minWriteBufferNumberToMerge = 4;
  private String memoryNode;
  private Path storageRoot;
  private long poolSize = -1;
  private int maxShards = 8;
  private int maxFlushTasks = 4;
  private long maxTotalWalSize;
  private boolean manualWalFlush;
  private long readCacheBytes;
  private boolean takeOver;
  private RocksOptions rocksOptions;
  private RecoveryMode walRecoveryMode = RecoveryMode.DEFAULT;
  private StepListener stepListener = StepListener.NONE;
  private Duration readTimeout = Duration.ofSeconds(30);
  private Duration maxWriteStall = Duration.ofMinutes(5);
  private Duration memoryNodeGrace = Duration.ofSeconds(3);
  private Duration ownershipLease = Duration.ofSeconds(10);

  /** Creates the database if there is none. Default false, as in RocksDB. */
  public Options setCreateIfMissing(boolean value) {
    createIfMissing = value;
    return this;
  }

  /** Refuses to open a database that exists. Default false. */
  public Options setErrorIfExists(boolean value) {
    errorIfExists = value;
    return this;
  }

  /** Creates the families named at open that do not exist. Default false. */
  public Options setCreateMissingColumnFamilies(boolean value) {
    createMissingColumnFamilies = value;
    return this;
  }

  /** Bytes of one memtable, after which it is frozen. Default 64 MiB. */
  public Options setWriteBufferSize(long bytes) {
    if (bytes < MIN_WRITE_BUFFER) {
      throw DwarfException.invalid(
          "write_buffer_size of " + bytes + " bytes: the least is " + MIN_WRITE_BUFFER);
    }
    writeBufferSize = bytes;
    return this;
  }

  /**
   * How many memtables' worth of memory the database may hold locally, all families together.
   * Default 2, at least 2. Frozen memtables beyond it live in disaggregated memory.
   */
  public Options setMaxWriteBufferNumber(int number) {
    if (number < 2) {
      throw DwarfException.invalid("max_write_buffer_number is " + number + ": the least is 2");
    }
    maxWriteBufferNumber = number;
    return this;
  }

  /** Frozen memtables of a family that wait before they are flushed together. Default 4. */
  public Options setMinWriteBufferNumberToMerge(int number) {
    if (number < 1) {
      throw DwarfException.invalid("min_write_buffer_number_to_merge is " + number + ", least 1");
    }
    minWriteBufferNumberToMerge = number;
    return this;
  }

  /**
   * The memory node, as {@code tcp://host:port} or {@code host:port}, or as {@code shm://name} on
   * the same host. Default null: a memory node and a worker inside this process.
   */
  public Options setMemoryNode(String address) {
    memoryNode = address;
    return this;
  }

  /**
   * The directory of the shared storage that workers know as their {@code --storage}; the database
   * must lie below it. Default: the directory that holds the database directory.
   */
  public Options setStorageRoot(Path root) {
    storageRoot = root;
    return this;
  }

  /**
   * Bytes of disaggregated memory: the pool of the embedded memory node, or the quota asked of an
   * external one. 0 switches disaggregated memory off. Default: four write buffers if embedded, no
   * quota if external.
   */
  public Options setPoolSize(long bytes) {
    poolSize = bytes;
    return this;
  }

  /** Most key-range shards of one memtable, 1 to 64. Default 8. */
  public Options setMaxShards(int shards) {
    if (shards < 1 || shards > dwarf.base.Limits.MAX_SHARDS) {
      throw DwarfException.invalid("max_shards is " + shards + ": it must be 1 to 64");
    }
    maxShards = shards;
    return this;
  }

  /** Most key-range tasks one flush job is cut into. Default 4. */
  public Options setMaxFlushTasks(int tasks) {
    if (tasks < 1) {
      throw DwarfException.invalid("max_flush_tasks is " + tasks + ": the least is 1");
    }
    maxFlushTasks = tasks;
    return this;
  }

  /** WAL bytes beyond which the oldest memtables are flushed. Default 0: 4 GiB. */
  public Options setMaxTotalWalSize(long bytes) {
    maxTotalWalSize = bytes;
    return this;
  }

  /**
   * Keeps log records in this process until {@link DwarfDB#flushWal}, a write that wants sync, 256
   * KiB, or about a second: faster, but a crash of the process, not only of the machine, may lose
   * the last writes. Never a part of them in the middle. Default false, as in RocksDB.
   */
  public Options setManualWalFlush(boolean value) {
    manualWalFlush = value;
    return this;
  }

  /** Bytes for hot shards fetched back from disaggregated memory. Default 0: none. */
  public Options setReadCacheBytes(long bytes) {
    readCacheBytes = bytes;
    return this;
  }

  /** Takes the database from an owner that may still be alive. Default false: refuse. */
  public Options setTakeOver(boolean value) {
    takeOver = value;
    return this;
  }

  /** Tuning of the SST tier. Default: as stored in the database, or RocksOptions.defaults(). */
  public Options setRocksOptions(RocksOptions options) {
    rocksOptions = options;
    return this;
  }

  /** What recovery does about a damaged WAL. Default SAFE_POINT_IN_TIME. */
  public Options setWalRecoveryMode(RecoveryMode mode) {
    walRecoveryMode = mode;
    return this;
  }

  /** Is told each step of offload, flush and install. */
  public Options setStepListener(StepListener listener) {
    stepListener = listener;
    return this;
  }

  /** How long a read waits for a memtable that cannot be reached. Default 30 s. */
  public Options setReadTimeout(Duration timeout) {
    readTimeout = timeout;
    return this;
  }

  /** How long a write waits under back-pressure before it fails as BUSY. Default 5 minutes. */
  public Options setMaxWriteStall(Duration stall) {
    maxWriteStall = stall;
    return this;
  }

  /** How long a silent memory node keeps its memtables before they are rebuilt. Default 3 s. */
  public Options setMemoryNodeGrace(Duration grace) {
    memoryNodeGrace = grace;
    return this;
  }

  /** How long this owner may acknowledge writes without looking whether it still owns. 10 s. */
  public Options setOwnershipLease(Duration lease) {
    ownershipLease = lease;
    return this;
  }

  public boolean createIfMissing() {
    return createIfMissing;
  }

  public boolean errorIfExists() {
    return errorIfExists;
  }

  public boolean createMissingColumnFamilies() {
    return createMissingColumnFamilies;
  }

  public long writeBufferSize() {
    return writeBufferSize;
  }

  public int maxWriteBufferNumber() {
    return maxWriteBufferNumber;
  }

  public int minWriteBufferNumberToMerge() {
    return minWriteBufferNumberToMerge;
  }

  public String memoryNode() {
    return memoryNode;
  }

  public Path storageRoot() {
    return storageRoot;
  }

  public long poolSize() {
    return poolSize;
  }

  public int maxShards() {
    return maxShards;
  }

  public int maxFlushTasks() {
    return maxFlushTasks;
  }

  public long maxTotalWalSize() {
    return maxTotalWalSize;
  }

  public boolean manualWalFlush() {
    return manualWalFlush;
  }

  public long readCacheBytes() {
    return readCacheBytes;
  }

  public boolean takeOver() {
    return takeOver;
  }

  public RocksOptions rocksOptions() {
    return rocksOptions;
  }

  public RecoveryMode walRecoveryMode() {
    return walRecoveryMode;
  }

  public StepListener stepListener() {
    return stepListener;
  }

  public Duration readTimeout() {
    return readTimeout;
  }

  public Duration maxWriteStall() {
    return maxWriteStall;
  }

  public Duration memoryNodeGrace() {
    return memoryNodeGrace;
  }

  public Duration ownershipLease() {
    return ownershipLease;
  }
}
