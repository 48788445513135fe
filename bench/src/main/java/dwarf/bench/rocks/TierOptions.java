package dwarf.bench.rocks;

import dwarf.base.DwarfException;
import dwarf.storage.RocksOptions;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.TickerType;

/**
 * RocksDB's options, made once from names and values and given to either engine as they are: to the
 * peer for the whole database, to ours for its SST tier. So what is given to both cannot differ.
 */
public final class TierOptions implements AutoCloseable {

  private final DBOptions database;
  private final ColumnFamilyOptions family;
  private final Statistics statistics;

  /**
   * @param databaseOptions RocksDB's DBOptions by name
   * @param familyOptions RocksDB's ColumnFamilyOptions by name
   * @param countTickers whether RocksDB counts its tickers, which costs both engines a little
   */
  public TierOptions(
      Map<String, String> databaseOptions,
      Map<String, String> familyOptions,
      boolean countTickers) {
    RocksDB.loadLibrary();
    try (ConfigOptions strict = new ConfigOptions().setIgnoreUnknownOptions(false)) {
      database = DBOptions.getDBOptionsFromProps(strict, properties(databaseOptions));
      requireAccepted(database, databaseOptions);
      family =
          ColumnFamilyOptions.getColumnFamilyOptionsFromProps(strict, properties(familyOptions));
      requireAccepted(family, familyOptions);
    }
    statistics = countTickers ? new Statistics() : null;
    if (countTickers) {
      statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
      database.setStatistics(statistics);
    }
  }

  /** For the SST tier of our engine. */
  public RocksOptions forDwarf() {
    return RocksOptions.of(database, family);
  }

  DBOptions database() {
    return database;
  }

  /** These options keep it. */
  public ColumnFamilyOptions family() {
    return family;
  }

  /** RocksDB's tickers that are not zero; none unless they are counted. */
  public Map<String, Long> tickers() {
    Map<String, Long> counts = new TreeMap<>();
    if (statistics != null) {
      for (TickerType ticker : TickerType.values()) {
        long count = ticker == TickerType.TICKER_ENUM_MAX ? 0 : statistics.getTickerCount(ticker);
        if (count != 0) {
          counts.put("rocksdb.ticker." + ticker.name().toLowerCase(java.util.Locale.ROOT), count);
        }
      }
    }
    return counts;
  }

  /** Counts from zero. */
  public void resetTickers() {
    if (statistics != null) {
      try {
        statistics.reset();
      } catch (RocksDBException e) {
        throw PeerErrors.of("resetting its statistics", e);
      }
    }
  }

  private static Properties properties(Map<String, String> options) {
    Properties properties = new Properties();
    properties.putAll(options);
    return properties;
  }

  private static void requireAccepted(Object parsed, Map<String, String> options) {
    if (parsed == null) {
      throw DwarfException.invalid(
          "RocksDB does not accept the options " + options + ": check names and values");
    }
  }

  @Override
  public void close() {
    family.close();
    database.close();
    if (statistics != null) {
      statistics.close();
    }
  }
}
