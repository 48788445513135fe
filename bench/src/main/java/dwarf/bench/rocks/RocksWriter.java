package dwarf.bench.rocks;

import dwarf.bench.engine.BenchWriter;
import dwarf.bench.engine.Durability;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Writes of one thread to the peer. */
final class RocksWriter implements BenchWriter {

  private final RocksDB db;
  private final WriteOptions options;
  private final WriteBatch batch = new WriteBatch();

  RocksWriter(RocksDB db, Durability durability) {
    this.db = db;
    options = new WriteOptions().setSync(durability.sync()).setDisableWAL(durability.disableWal());
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      db.put(options, key, value);
    } catch (RocksDBException e) {
      throw PeerErrors.of("putting a key", e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      db.delete(options, key);
    } catch (RocksDBException e) {
      throw PeerErrors.of("deleting a key", e);
    }
  }

  @Override
  public void addPut(byte[] key, byte[] value) {
    try {
      batch.put(key, value);
    } catch (RocksDBException e) {
      throw PeerErrors.of("adding to a batch", e);
    }
  }

  @Override
  public void addDelete(byte[] key) {
    try {
      batch.delete(key);
    } catch (RocksDBException e) {
      throw PeerErrors.of("adding to a batch", e);
    }
  }

  @Override
  public void commit() {
    try {
      db.write(options, batch);
    } catch (RocksDBException e) {
      throw PeerErrors.of("writing a batch", e);
    }
    batch.clear();
  }

  @Override
  public void close() {
    batch.close();
    options.close();
  }
}
