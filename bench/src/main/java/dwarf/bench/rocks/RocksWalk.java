package dwarf.bench.rocks;

import dwarf.bench.engine.BenchIterator;
import java.util.Arrays;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** An iterator of the peer; key and value are copied into buffers that are kept. */
final class RocksWalk implements BenchIterator {

  private static final int BUFFER_BYTES = 4096;

  private final RocksIterator iterator;
  private byte[] key = new byte[BUFFER_BYTES];
  private byte[] value = new byte[BUFFER_BYTES];

  RocksWalk(RocksIterator iterator) {
    this.iterator = iterator;
  }

  @Override
  public boolean isValid() {
    return iterator.isValid();
  }

  @Override
  public void seekToFirst() {
    iterator.seekToFirst();
  }

  @Override
  public void seekToLast() {
    iterator.seekToLast();
  }

  @Override
  public void seek(byte[] target) {
    iterator.seek(target);
  }

  @Override
  public void next() {
    iterator.next();
  }

  @Override
  public void prev() {
    iterator.prev();
  }

  @Override
  public boolean isAt(byte[] wanted) {
    if (!iterator.isValid()) {
      return false;
    }
    int size = readKey();
    return Arrays.equals(key, 0, size, wanted, 0, wanted.length);
  }

  @Override
  public byte[] key() {
    return iterator.key();
  }

  @Override
  public byte[] value() {
    return iterator.value();
  }

  @Override
  public int read() {
    return readKey() + readValue();
  }

  /** RocksDB tells the whole size and copies what fits. */
  private int readKey() {
    int size = iterator.key(key);
    if (size > key.length) {
      key = new byte[size];
      iterator.key(key);
    }
    return size;
  }

  private int readValue() {
    int size = iterator.value(value);
    if (size > value.length) {
      value = new byte[size];
      iterator.value(value);
    }
    return size;
  }

  @Override
  public void check() {
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw PeerErrors.of("walking through the keys", e);
    }
  }

  @Override
  public void close() {
    iterator.close();
  }
}
