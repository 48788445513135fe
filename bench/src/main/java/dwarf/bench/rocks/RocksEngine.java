package dwarf.bench.rocks;

import dwarf.base.DwarfException;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.BenchIterator;
import dwarf.bench.engine.BenchWriter;
import dwarf.bench.engine.Durability;
import dwarf.bench.engine.MemoryUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Stock RocksDB, memtables and log included. */
public final class RocksEngine implements BenchEngine {

  private static final String STALLS = "io_stalls.";

  private final DBOptions options;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final ReadOptions reading = new ReadOptions();

  /** Opens the database in that directory; the tier options stay the caller's. */
  public RocksEngine(Path directory, TierOptions tier, boolean createIfMissing) {
    options = new DBOptions(tier.database()).setCreateIfMissing(createIfMissing);
    try {
      Files.createDirectories(directory);
      db = RocksDB.open(options, directory.toString(), descriptors(tier), handles);
    } catch (RocksDBException e) {
      options.close();
      reading.close();
      throw PeerErrors.of("opening " + directory, e);
    } catch (IOException e) {
      throw DwarfException.io("cannot create " + directory + ": " + e, e);
    }
  }

  private static List<ColumnFamilyDescriptor> descriptors(TierOptions tier) {
    return List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tier.family()));
  }

  @Override
  public byte[] get(byte[] key) {
    try {
      return db.get(reading, key);
    } catch (RocksDBException e) {
      throw PeerErrors.of("reading a key", e);
    }
  }

  @Override
  public List<byte[]> multiGet(List<byte[]> keys) {
    try {
      return db.multiGetAsList(reading, keys);
    } catch (RocksDBException e) {
      throw PeerErrors.of("reading " + keys.size() + " keys", e);
    }
  }

  @Override
  public BenchIterator newIterator() {
    return new RocksWalk(db.newIterator(reading));
  }

  @Override
  public BenchWriter newWriter(Durability durability) {
    return new RocksWriter(db, durability);
  }

  @Override
  public void flush() {
    try (FlushOptions wait = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true)) {
      db.flush(wait);
    } catch (RocksDBException e) {
      throw PeerErrors.of("flushing", e);
    }
  }

  @Override
  public void compact() {
    flush();
    try {
      db.compactRange();
    } catch (RocksDBException e) {
      throw PeerErrors.of("compacting", e);
    }
  }

  @Override
  public long property(String name) {
    try {
      return db.getLongProperty(name);
    } catch (RocksDBException e) {
      throw PeerErrors.of("reading the property " + name, e);
    }
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(
        property("rocksdb.size-all-mem-tables"), 0, property("rocksdb.block-cache-usage"));
  }

  /** How often RocksDB slowed down or stopped writers, by reason. */
  @Override
  public Map<String, Long> statistics() {
    Map<String, Long> stalls = new TreeMap<>();
    try {
      db.getMapProperty("rocksdb.cfstats")
          .forEach(
              (name, value) -> {
                if (name.startsWith(STALLS)) {
                  stalls.put("rocksdb." + name, Math.round(Double.parseDouble(value)));
                }
              });
    } catch (RocksDBException e) {
      throw PeerErrors.of("reading its statistics", e);
    }
    return stalls;
  }

  @Override
  public void close() {
    handles.forEach(ColumnFamilyHandle::close);
    try {
      db.closeE();
    } catch (RocksDBException e) {
      throw PeerErrors.of("closing", e);
    } finally {
      reading.close();
      options.close();
    }
  }
}
