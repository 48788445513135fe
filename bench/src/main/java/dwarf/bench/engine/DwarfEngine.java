package dwarf.bench.engine;

import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import dwarf.engine.WriteBatch;
import dwarf.engine.WriteOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** DwaRF-LSM through its public API. */
public final class DwarfEngine implements BenchEngine {

  private final DwarfDB db;

  public DwarfEngine(Path directory, Options options) {
    db = DwarfDB.open(directory, options);
  }

  @Override
  public byte[] get(byte[] key) {
    return db.get(key);
  }

  @Override
  public List<byte[]> multiGet(List<byte[]> keys) {
    return db.multiGetAsList(keys);
  }

  @Override
  public BenchIterator newIterator() {
    return new DwarfWalk(db.newIterator());
  }

  @Override
  public BenchWriter newWriter(Durability durability) {
    WriteOptions options =
        new WriteOptions().setSync(durability.sync()).setDisableWAL(durability.disableWal());
    return new Writer(db, options);
  }

  @Override
  public void flush() {
    db.flush();
  }

  @Override
  public void compact() {
    db.flush();
    db.compactRange(db.getDefaultColumnFamily());
  }

  @Override
  public long property(String name) {
    return db.getLongProperty(db.getDefaultColumnFamily(), name);
  }

  /**
   * Memtables here are counted with the buffers they are sent from and the indexes of those sent.
   */
  @Override
  public MemoryUse memory() {
    Map<String, Long> statistics = db.statistics();
    return new MemoryUse(
        statistics.getOrDefault("memory.local.bytes", 0L)
            + statistics.getOrDefault("memory.send.bytes", 0L)
            + statistics.getOrDefault("memory.index.bytes", 0L),
        statistics.getOrDefault("memory.dm.bytes", 0L),
        property("rocksdb.block-cache-usage"));
  }

  @Override
  public Map<String, Long> statistics() {
    return db.statistics();
  }

  @Override
  public void close() {
    db.close();
  }

  private record Writer(DwarfDB db, WriteOptions options, WriteBatch batch) implements BenchWriter {

    Writer(DwarfDB db, WriteOptions options) {
      this(db, options, new WriteBatch());
    }

    @Override
    public void put(byte[] key, byte[] value) {
      db.put(options, key, value);
    }

    @Override
    public void delete(byte[] key) {
      db.delete(options, key);
    }

    @Override
    public void addPut(byte[] key, byte[] value) {
      batch.put(key, value);
    }

    @Override
    public void addDelete(byte[] key) {
      batch.delete(key);
    }

    @Override
    public void commit() {
      db.write(options, batch);
      batch.clear();
    }

    @Override
    public void close() {
      batch.clear();
    }
  }
}
