package dwarf.bench.flags;

import dwarf.engine.Options;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which engine runs, and where its data is. */
public final class PlaceFlags {

  @Option(
      names = "--engine",
      paramLabel = "dwarf|rocksdb",
      description = "dwarf (the default), or stock RocksDB with the same options: the peer.")
  private EngineKind engine = EngineKind.DWARF;

  @Option(
      names = "--db",
      paramLabel = "DIR",
      description =
          "Directory of the database. Default: a new one in the temporary directory, removed at the"
              + " end.")
  private Path db;

  @Option(
      names = "--use_existing_db",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "Keep what --db holds; benchmarks that want a fresh database are skipped.")
  private boolean useExistingDb;

  @Option(
      names = "--memory_node",
      paramLabel = "ADDRESS",
      description =
          "Memory node for dwarf: host:port, or shm://name on this host. Without it one runs inside"
              + " this process.")
  private String memoryNode;

  @Option(
      names = "--storage_root",
      paramLabel = "DIR",
      description = "The shared directory that dwarf's workers know as --storage.")
  private Path storageRoot;

  @Option(
      names = "--pool_size",
      paramLabel = "BYTES",
      converter = FlagSize.class,
      description = "Disaggregated memory for dwarf; 0: none, -1: the engine's default.")
  private long poolSize = -1;

  @Option(
      names = "--max_shards",
      paramLabel = "N",
      description = "Most shards of a memtable of dwarf (${DEFAULT-VALUE}).")
  private int maxShards = new Options().maxShards();

  void check(FlagCheck check) {
    check.that(poolSize >= -1, "--pool_size", poolSize, "-1, 0 or a size");
    check.that(maxShards >= 1 && maxShards <= 64, "--max_shards", maxShards, "1 to 64");
    check.that(!useExistingDb || db != null, "--use_existing_db", true, "given together with --db");
  }

  public EngineKind engine() {
    return engine;
  }

  /** Null: a temporary one. */
  public Path db() {
    return db;
  }

  public boolean useExistingDb() {
    return useExistingDb;
  }

  /** Adds what is only about our engine. */
  public Options apply(Options options) {
    return options
        .setMemoryNode(memoryNode)
        .setStorageRoot(storageRoot)
        .setPoolSize(poolSize)
        .setMaxShards(maxShards);
  }
}
