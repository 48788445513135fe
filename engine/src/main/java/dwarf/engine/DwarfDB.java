package dwarf.engine;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.PinnedView;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A RocksDB whose write buffer lies in disaggregated memory.
 *
 * <pre>{@code
 * try (DwarfDB db = DwarfDB.open(Path.of("data"))) {
 *   db.put(key, value);
 *   byte[] read = db.get(key);
 * }
 * }</pre>
 *
 * <p>Names and meanings are those of {@code org.rocksdb.RocksDB}. Opened without a memory node, the
 * database runs one inside this process. All methods are thread-safe. Failures are {@link
 * DwarfException}s, whose kind says what the caller can do next.
 *
 * <p>This class only delegates; see {@link Database} for how the parts fit together.
 */
public final class DwarfDB implements AutoCloseable {

  private static final WriteOptions DEFAULT_WRITE = new WriteOptions();
  private static final ReadOptions DEFAULT_READ = new ReadOptions();
  private static final FlushOptions DEFAULT_FLUSH = new FlushOptions();

  private final Database database;

  private DwarfDB(Database database) {
    this.database = database;
  }

  /** Opens the database in that directory, creating it if there is none, with all defaults. */
  public static DwarfDB open(Path path) {
    return open(path, new Options().setCreateIfMissing(true));
  }

  /** Opens the database and every column family it has. */
  public static DwarfDB open(Path path, Options options) {
    return open(path, options, List.of(), new ArrayList<>());
  }

  /**
   * Opens the database with the given options for the named families; families not named are opened
   * with the default ones (RocksDB would refuse).
   *
   * @param handles receives one handle per descriptor, in order
   */
  public static DwarfDB open(
      Path path,
      Options options,
      List<ColumnFamilyDescriptor> families,
      List<ColumnFamilyHandle> handles) {
    Database database = Database.open(path, options, families);
    for (ColumnFamilyDescriptor family : families) {
      handles.add(database.families().named(family.name()));
    }
    return new DwarfDB(database);
  }

  /** The names of the column families in that directory, without opening it. */
  public static List<byte[]> listColumnFamilies(Path path) {
    return Database.listColumnFamilies(path);
  }

  public void put(byte[] key, byte[] value) {
    put(getDefaultColumnFamily(), DEFAULT_WRITE, key, value);
  }

  public void put(WriteOptions options, byte[] key, byte[] value) {
    put(getDefaultColumnFamily(), options, key, value);
  }

  public void put(ColumnFamilyHandle family, byte[] key, byte[] value) {
    put(family, DEFAULT_WRITE, key, value);
  }

  public void put(ColumnFamilyHandle family, WriteOptions options, byte[] key, byte[] value) {
    write(options, RecordType.PUT, family, key, MemorySegment.ofArray(value));
  }

  public void delete(byte[] key) {
    delete(getDefaultColumnFamily(), DEFAULT_WRITE, key);
  }

  public void delete(WriteOptions options, byte[] key) {
    delete(getDefaultColumnFamily(), options, key);
  }

  public void delete(ColumnFamilyHandle family, byte[] key) {
    delete(family, DEFAULT_WRITE, key);
  }

  public void delete(ColumnFamilyHandle family, WriteOptions options, byte[] key) {
    write(options, RecordType.DELETE, family, key, WriteBatch.NONE);
  }

  /** Removes a key that was put once and not overwritten; otherwise the outcome is undefined. */
  public void singleDelete(byte[] key) {
    singleDelete(getDefaultColumnFamily(), DEFAULT_WRITE, key);
  }

  public void singleDelete(ColumnFamilyHandle family, WriteOptions options, byte[] key) {
    write(options, RecordType.SINGLE_DELETE, family, key, WriteBatch.NONE);
  }

  private void write(
      WriteOptions options,
      RecordType type,
      ColumnFamilyHandle family,
      byte[] key,
      MemorySegment value) {
    database.write(options, type, family.getID(), MemorySegment.ofArray(key), value);
  }

  /** Writes all records of the batch, or none, visible at once. */
  public void write(WriteOptions options, WriteBatch batch) {
    database.write(options, batch);
  }

  /** The value, or null if there is none. */
  public byte[] get(byte[] key) {
    return get(getDefaultColumnFamily(), DEFAULT_READ, key);
  }

  public byte[] get(ReadOptions options, byte[] key) {
    return get(getDefaultColumnFamily(), options, key);
  }

  public byte[] get(ColumnFamilyHandle family, byte[] key) {
    return get(family, DEFAULT_READ, key);
  }

  public byte[] get(ColumnFamilyHandle family, ReadOptions options, byte[] key) {
    return database.get(family, options, key);
  }

  /** The values, in the order of the keys, all as of one moment; null where there is none. */
  public List<byte[]> multiGetAsList(List<byte[]> keys) {
    return multiGetAsList(getDefaultColumnFamily(), DEFAULT_READ, keys);
  }

  public List<byte[]> multiGetAsList(
      ColumnFamilyHandle family, ReadOptions options, List<byte[]> keys) {
    return database.multiGet(family, options, keys);
  }

  public DwarfIterator newIterator() {
    return newIterator(getDefaultColumnFamily(), DEFAULT_READ);
  }

  public DwarfIterator newIterator(ColumnFamilyHandle family) {
    return newIterator(family, DEFAULT_READ);
  }

  public DwarfIterator newIterator(ColumnFamilyHandle family, ReadOptions options) {
    return database.newIterator(family, options);
  }

  public Snapshot getSnapshot() {
    PinnedView pinned = database.takeSnapshot();
    return new Snapshot(this, pinned);
  }

  /** Releases a snapshot; releasing it twice is harmless. */
  public void releaseSnapshot(Snapshot snapshot) {
    database.releaseSnapshot(snapshot);
  }

  public ColumnFamilyHandle getDefaultColumnFamily() {
    return database.families().defaultFamily();
  }

  /** The handle of an existing family; INVALID_ARGUMENT if there is none of that name. */
  public ColumnFamilyHandle getColumnFamily(byte[] name) {
    return database.families().named(name);
  }

  /** Handles of all families. */
  public List<ColumnFamilyHandle> getColumnFamilies() {
    return database.families().all();
  }

  public ColumnFamilyHandle createColumnFamily(ColumnFamilyDescriptor descriptor) {
    return database.createColumnFamily(descriptor);
  }

  public void dropColumnFamily(ColumnFamilyHandle family) {
    database.dropColumnFamily(family);
  }

  /** Flushes every family and waits. */
  public void flush() {
    flush(DEFAULT_FLUSH, getColumnFamilies());
  }

  public void flush(FlushOptions options, List<ColumnFamilyHandle> families) {
    database.flush(options, families);
  }

  /**
   * Hands every write so far to the operating system, where it survives this process; only needed
   * with {@link Options#setManualWalFlush}.
   *
   * @param sync whether to make it durable too, as {@link #syncWal}
   */
  public void flushWal(boolean sync) {
    if (sync) {
      database.syncWal();
    } else {
      database.flushWal();
    }
  }

  /** Makes every write so far durable, as WriteOptions.sync would have. */
  public void syncWal() {
    database.syncWal();
  }

  /** Compacts the SST tier of a family; flush first to include the memtables. */
  public void compactRange(ColumnFamilyHandle family) {
    database.compactRange(family);
  }

  /** A property of the SST tier, such as {@code rocksdb.stats}; null if RocksDB has none. */
  public String getProperty(ColumnFamilyHandle family, String name) {
    return database.property(family, name);
  }

  public String getProperty(String name) {
    return getProperty(getDefaultColumnFamily(), name);
  }

  public long getLongProperty(ColumnFamilyHandle family, String name) {
    return database.longProperty(family, name);
  }

  public long getLatestSequenceNumber() {
    return database.visibleSequence();
  }

  /** Every counter and gauge by name. */
  public Map<String, Long> statistics() {
    return database.statistics().snapshot();
  }

  Statistics counters() {
    return database.statistics();
  }

  /**
   * Stops background work and closes. Unflushed writes stay in the WAL; those made with disableWAL
   * are flushed first. Iterators must have been closed.
   */
  @Override
  public void close() {
    database.close();
  }
}
