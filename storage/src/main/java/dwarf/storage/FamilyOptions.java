package dwarf.storage;

import dwarf.base.DwarfException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Properties;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.ConfigOptions;
import org.rocksdb.RemoveEmptyValueCompactionFilter;
import org.rocksdb.RocksDB;

/**
 * How the SST tier keeps one column family: RocksDB's own column family options, less the few that
 * DwaRF-LSM cannot honour. Immutable; the native object behind it lives as long as this one.
 *
 * <p>Refused with NOT_SUPPORTED: any comparator but bytewise (workers order keys without the user's
 * code), FIFO compaction and user compaction filters (both could drop the flush marker), and table
 * formats that RocksDB cannot ingest.
 */
public final class FamilyOptions {

  /** More files reach level 0 at once than in plain RocksDB: one per shard of a flush. */
  private static final String DEFAULTS =
      "level0_file_num_compaction_trigger=8;"
          + "level0_slowdown_writes_trigger=40;"
          + "level0_stop_writes_trigger=60;"
          + "block_based_table_factory={filter_policy=bloomfilter:10:false;}";

  private static final String TABLE_FORMAT = "BlockBasedTable";

  private static final Cleaner CLEANER = Cleaner.create();

  private final ColumnFamilyOptions options;
  private final StallTriggers stallTriggers;

  private FamilyOptions(ColumnFamilyOptions owned) {
    options = owned;
    CLEANER.register(this, owned::close);
    refuseUnsupported(owned);
    stallTriggers =
        new StallTriggers(
            owned.level0FileNumCompactionTrigger(),
            owned.level0SlowdownWritesTrigger(),
            owned.level0StopWritesTrigger(),
            owned.softPendingCompactionBytesLimit(),
            owned.hardPendingCompactionBytesLimit());
  }

  /** A bloom filter of 10 bits per key, and level 0 triggers that fit files arriving by shard. */
  public static FamilyOptions defaults() {
    return parse("");
  }

  /** RocksDB's option string {@code k=v;k2=v2} on top of {@link #defaults()}. */
  public static FamilyOptions parse(String text) {
    RocksDB.loadLibrary();
    Properties properties = OptionStrings.merge(DEFAULTS, text);
    try (ConfigOptions strict = new ConfigOptions().setIgnoreUnknownOptions(false)) {
      ColumnFamilyOptions parsed =
          ColumnFamilyOptions.getColumnFamilyOptionsFromProps(strict, properties);
      if (parsed == null) {
        throw DwarfException.invalid(
            "RocksDB does not accept the column family options \""
                + text
                + "\": check names and values");
      }
      FamilyOptions result = new FamilyOptions(parsed);
      ComparatorProbe.requireBytewise(parsed);
      return result;
    }
  }

  /** A copy of RocksDB options as they are; the caller keeps the original. */
  public static FamilyOptions of(ColumnFamilyOptions options) {
    FamilyOptions result = new FamilyOptions(new ColumnFamilyOptions(options));
    ComparatorProbe.requireBytewise(options);
    return result;
  }

  /** Takes over options that RocksDB itself vouched for: they were stored with the database. */
  static FamilyOptions ofStored(ColumnFamilyOptions owned) {
    return new FamilyOptions(owned);
  }

  /** The points at which writers are slowed down and stopped, for back-pressure above RocksDB. */
  public StallTriggers stallTriggers() {
    return stallTriggers;
  }

  /** A native copy that belongs to the caller. */
  ColumnFamilyOptions copy() {
    try {
      return new ColumnFamilyOptions(options);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static void refuseUnsupported(ColumnFamilyOptions options) {
    if (options.compactionStyle() == CompactionStyle.FIFO) {
      throw DwarfException.notSupported(
          "FIFO compaction drops old files and the flush marker with them: use LEVEL or UNIVERSAL");
    }
    if (!TABLE_FORMAT.equals(options.tableFactoryName())) {
      throw DwarfException.notSupported(
          "table format "
              + options.tableFactoryName()
              + ": only "
              + TABLE_FORMAT
              + " is supported");
    }
    Object filter = options.compactionFilter();
    boolean harmless = filter == null || filter instanceof RemoveEmptyValueCompactionFilter;
    if (!harmless || options.compactionFilterFactory() != null) {
      throw DwarfException.notSupported(
          "a compaction filter could drop the flush marker: only RemoveEmptyValueCompactionFilter"
              + " is supported");
    }
  }
}
