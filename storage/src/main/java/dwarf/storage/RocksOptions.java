package dwarf.storage;

import dwarf.base.DwarfException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Properties;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;

/**
 * Tuning of the RocksDB database below: its database options, and the family options of the default
 * column family. Immutable; the native object behind it lives as long as this one.
 */
public final class RocksOptions {

  private static final String DEFAULTS =
      "bytes_per_sync=1048576;max_background_jobs="
          + Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final Cleaner CLEANER = Cleaner.create();

  private final DBOptions options;
  private final FamilyOptions family;

  private RocksOptions(DBOptions owned, FamilyOptions family) {
    this.options = owned;
    this.family = family;
    CLEANER.register(this, owned::close);
  }

  public static RocksOptions defaults() {
    return parse("", "");
  }

  /** RocksDB's option strings {@code k=v;k2=v2}, both on top of the defaults. */
  public static RocksOptions parse(String dbOptions, String familyOptions) {
    RocksDB.loadLibrary();
    Properties properties = OptionStrings.merge(DEFAULTS, dbOptions);
    try (ConfigOptions strict = new ConfigOptions().setIgnoreUnknownOptions(false)) {
      DBOptions parsed = DBOptions.getDBOptionsFromProps(strict, properties);
      if (parsed == null) {
        throw DwarfException.invalid(
            "RocksDB does not accept the database options \""
                + dbOptions
                + "\": check names and values");
      }
      return new RocksOptions(parsed, FamilyOptions.parse(familyOptions));
    }
  }

  /** Copies of RocksDB options as they are; the caller keeps the originals. */
  public static RocksOptions of(DBOptions dbOptions, ColumnFamilyOptions familyOptions) {
    return new RocksOptions(new DBOptions(dbOptions), FamilyOptions.of(familyOptions));
  }

  /** Options that were stored with a database; takes {@code owned} over. */
  static RocksOptions ofStored(DBOptions owned, FamilyOptions family) {
    return new RocksOptions(owned, family);
  }

  /** The options of the default column family. */
  public FamilyOptions family() {
    return family;
  }

  /** A native copy that belongs to the caller. */
  DBOptions copy() {
    try {
      return new DBOptions(options);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
