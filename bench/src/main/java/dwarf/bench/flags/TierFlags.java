package dwarf.bench.flags;

import dwarf.bench.rocks.TierOptions;
import dwarf.engine.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * Options of RocksDB, which both engines get alike; {@code --min_write_buffer_number_to_merge}
 * unless it is left to the engine.
 */
public final class TierFlags {

  private static final int ENGINES_OWN = -1;

  /** RocksDB's default of min_write_buffer_number_to_merge. */
  private static final int ROCKSDB_MERGES = 1;

  @Option(
      names = "--write_buffer_size",
      paramLabel = "BYTES",
      converter = FlagSize.class,
      description = "Bytes of one memtable (64MiB).")
  private long writeBufferSize = 64L << 20;

  @Option(
      names = "--max_write_buffer_number",
      paramLabel = "N",
      description = "Memtables in local memory (${DEFAULT-VALUE}).")
  private int maxWriteBufferNumber = 2;

  @Option(
      names = "--min_write_buffer_number_to_merge",
      paramLabel = "N",
      description =
          "Full memtables that are flushed together; -1: the engine's default, which is 4 for"
              + " dwarf and 1 for rocksdb, which counts at most --max_write_buffer_number - 1.")
  private int minWriteBufferNumberToMerge = ENGINES_OWN;

  @Option(
      names = "--compression_type",
      paramLabel = "NAME",
      description = "Of SST files: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Compression compression = Compression.SNAPPY;

  @Option(
      names = "--bloom_bits",
      paramLabel = "N",
      description = "Bits a key of the filters in SST files; -1 and 0: no filters, as in db_bench.")
  private int bloomBits = -1;

  @Option(
      names = "--cache_size",
      paramLabel = "BYTES",
      converter = FlagSize.class,
      description = "Of RocksDB's block cache (32MiB); 0: none.")
  private long cacheSize = 32L << 20;

  @Option(
      names = "--block_size",
      paramLabel = "BYTES",
      description = "Bytes of a block of an SST file (${DEFAULT-VALUE}).")
  private int blockSize = 4096;

  @Option(
      names = "--disable_auto_compactions",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "No compactions.")
  private boolean disableAutoCompactions;

  @Option(
      names = "--level0_file_num_compaction_trigger",
      paramLabel = "N",
      description = "Files in level 0 that start a compaction (${DEFAULT-VALUE}).")
  private int level0CompactionTrigger = 4;

  @Option(
      names = "--level0_slowdown_writes_trigger",
      paramLabel = "N",
      description = "Files in level 0 that slow writers down (${DEFAULT-VALUE}).")
  private int level0SlowdownTrigger = 20;

  @Option(
      names = "--level0_stop_writes_trigger",
      paramLabel = "N",
      description = "Files in level 0 that stop writers (${DEFAULT-VALUE}).")
  private int level0StopTrigger = 36;

  @Option(
      names = "--max_background_jobs",
      paramLabel = "N",
      description = "Flushes and compactions at a time (${DEFAULT-VALUE}).")
  private int maxBackgroundJobs = 2;

  @Option(
      names = "--enable_pipelined_write",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description =
          "RocksDB writes log and memtable in a pipeline (${DEFAULT-VALUE}, as db_bench).")
  private boolean pipelinedWrite = true;

  @Option(
      names = "--manual_wal_flush",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "The log's last records may stay in the process for a while.")
  private boolean manualWalFlush;

  @Option(
      names = "--statistics",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      converter = FlagBoolean.class,
      description = "Count RocksDB's tickers, in either engine.")
  private boolean statistics;

  /** What is left to the engine is its default from here on, so that it is told as that, too. */
  void settle(EngineKind engine) {
    if (minWriteBufferNumberToMerge == ENGINES_OWN) {
      minWriteBufferNumberToMerge =
          engine == EngineKind.DWARF ? new Options().minWriteBufferNumberToMerge() : ROCKSDB_MERGES;
    }
  }

  void check(FlagCheck check) {
    check.that(
        writeBufferSize >= 64 << 10, "--write_buffer_size", writeBufferSize, "64KiB or more");
    check.that(
        maxWriteBufferNumber >= 2, "--max_write_buffer_number", maxWriteBufferNumber, "2 or more");
    check.that(
        minWriteBufferNumberToMerge == ENGINES_OWN || minWriteBufferNumberToMerge >= 1,
        "--min_write_buffer_number_to_merge",
        minWriteBufferNumberToMerge,
        "-1, or 1 or more");
    check.that(cacheSize >= 0, "--cache_size", cacheSize, "0 or more");
    check.that(blockSize >= 128, "--block_size", blockSize, "128 or more");
    check.that(maxBackgroundJobs >= 1, "--max_background_jobs", maxBackgroundJobs, "1 or more");
  }

  /** The options that the write tier has itself, under RocksDB's names. */
  public Options apply(Options options) {
    return options
        .setWriteBufferSize(writeBufferSize)
        .setMaxWriteBufferNumber(maxWriteBufferNumber)
        .setMinWriteBufferNumberToMerge(minWriteBufferNumberToMerge)
        .setManualWalFlush(manualWalFlush);
  }

  /** The options in RocksDB's own form; the caller closes them. */
  public TierOptions options() {
    return new TierOptions(databaseOptions(), familyOptions(), statistics);
  }

  private Map<String, String> databaseOptions() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("max_background_jobs", "" + maxBackgroundJobs);
    options.put("enable_pipelined_write", "" + pipelinedWrite);
    options.put("manual_wal_flush", "" + manualWalFlush);
    return options;
  }

  private Map<String, String> familyOptions() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("write_buffer_size", "" + writeBufferSize);
    options.put("max_write_buffer_number", "" + maxWriteBufferNumber);
    options.put("min_write_buffer_number_to_merge", "" + minWriteBufferNumberToMerge);
    options.put("compression", compression.rocksName());
    options.put("disable_auto_compactions", "" + disableAutoCompactions);
    options.put("level0_file_num_compaction_trigger", "" + level0CompactionTrigger);
    options.put("level0_slowdown_writes_trigger", "" + level0SlowdownTrigger);
    options.put("level0_stop_writes_trigger", "" + level0StopTrigger);
    options.put("block_based_table_factory", tableOptions());
    return options;
  }

  private String tableOptions() {
    String cache = cacheSize == 0 ? "no_block_cache=true;" : "block_cache=" + cacheSize + ";";
    String filter = bloomBits <= 0 ? "" : "filter_policy=bloomfilter:" + bloomBits + ":false;";
    return "{block_size=" + blockSize + ";" + cache + filter + "}";
  }
}
