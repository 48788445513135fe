package dwarf.storage;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * RocksDB's iterator over one family as of one snapshot, with the buffers for the row it stands on.
 * To open one costs as much as a short walk, so those without bounds are kept for the next walk
 * ({@link IdleRows}). One thread at a time, inside the store's guard.
 */
final class StoreRows {

  private final int family;
  private final RocksIterator iterator;
  private final IteratorCalls calls;
  private final List<? extends AbstractNativeReference> bounds;
  private final RowBytes key = new RowBytes(128);
  private final RowBytes value = new RowBytes(1024);
  private final AtomicBoolean freed = new AtomicBoolean();
  private volatile boolean aged;

  /**
   * Takes over the native objects.
   *
   * @param calls null where there are none; then the iterator's own methods are called
   * @param bounds what the iterator needs for as long as it lives
   */
  StoreRows(
      int family,
      RocksIterator iterator,
      IteratorCalls calls,
      List<? extends AbstractNativeReference> bounds) {
    this.family = family;
    this.iterator = iterator;
    this.calls = calls;
    this.bounds = bounds;
  }

  int family() {
    return family;
  }

  /** For seeks; {@link #next}, {@link #prev}, {@link #isValid} are cheaper here. */
  RocksIterator iterator() {
    return iterator;
  }

  void next() {
    if (calls != null) {
      calls.next();
    } else {
      iterator.next();
    }
  }

  void prev() {
    if (calls != null) {
      calls.prev();
    } else {
      iterator.prev();
    }
  }

  boolean isValid() {
    return calls != null ? calls.isValid() : iterator.isValid();
  }

  /** Whether another walk of the same family and snapshot may use it: it has no bounds. */
  boolean isReusable() {
    return bounds.isEmpty();
  }

  boolean isAged() {
    return aged;
  }

  void setAged(boolean now) {
    aged = now;
  }

  /** The key it stands on; valid until the next call. */
  MemorySegment key() {
    if (calls != null) {
      return calls.key(key);
    }
    int length = iterator.key(key.empty());
    if (key.grow(length)) {
      length = iterator.key(key.empty());
    }
    return key.first(length);
  }

  /** The value it stands on; valid until the next call. */
  MemorySegment value() {
    if (calls != null) {
      return calls.value(value);
    }
    int length = iterator.value(value.empty());
    if (value.grow(length)) {
      length = iterator.value(value.empty());
    }
    return value.first(length);
  }

  /** Throws if it stands nowhere because reading has failed. */
  void checkStatus() {
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw StoreErrors.of("reading on from the SST tier", e);
    }
  }

  /** Gives the native objects back; again is harmless. */
  void free() {
    if (freed.compareAndSet(false, true)) {
      iterator.close();
      bounds.forEach(AbstractNativeReference::close);
    }
  }
}
