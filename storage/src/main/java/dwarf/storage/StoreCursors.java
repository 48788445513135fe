package dwarf.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Opens and closes the cursors of a store, and knows all iterators, so that none outlives it. */
final class StoreCursors {

  private final RocksDB db;
  private final UseGuard guard;
  private final Set<StoreRows> all = ConcurrentHashMap.newKeySet();

  /**
   * @param guard the store's
   */
  StoreCursors(RocksDB db, UseGuard guard) {
    this.db = db;
    this.guard = guard;
  }

  /**
   * A cursor over the family as of the snapshot; inside the store's guard and its gate of reads.
   */
  StoreCursor open(FamilyHandle in, StoreSnapshot snapshot, byte[] lower, byte[] upper) {
    StoreRows rows =
        lower == null && upper == null
            ? unbounded(in, snapshot)
            : within(in, snapshot, lower, upper);
    return new StoreCursor(this, snapshot, rows);
  }

  UseGuard guard() {
    return guard;
  }

  /** Takes rows back that nobody uses any more, unless the store has closed or will close them. */
  void release(StoreRows rows, StoreSnapshot snapshot, boolean isSound) {
    if (!guard.tryEnter()) {
      return;
    }
    try {
      if (!(isSound && rows.isReusable() && snapshot.keep(rows))) {
        free(rows);
      }
    } finally {
      guard.exit();
    }
  }

  /** Gives an iterator up. */
  void free(StoreRows rows) {
    all.remove(rows);
    rows.free();
  }

  /** Gives all iterators up, those in use too; when nobody is inside any more. */
  void close() {
    all.forEach(StoreRows::free);
    all.clear();
  }

  private StoreRows unbounded(FamilyHandle in, StoreSnapshot snapshot) {
    StoreRows idle = snapshot.idle().take(in.family().id());
    return idle != null ? idle : rows(in, snapshot.scanOptions(), List.of());
  }

  private StoreRows within(FamilyHandle in, StoreSnapshot snapshot, byte[] lower, byte[] upper) {
    List<AbstractNativeReference> bounds = new ArrayList<>();
    ReadOptions read = new ReadOptions(snapshot.scanOptions());
    bounds.add(read);
    if (lower != null) {
      Slice slice = new Slice(lower);
      bounds.add(slice);
      read.setIterateLowerBound(slice);
    }
    if (upper != null) {
      Slice slice = new Slice(upper);
      bounds.add(slice);
      read.setIterateUpperBound(slice);
    }
    return rows(in, read, bounds);
  }

  private StoreRows rows(
      FamilyHandle in, ReadOptions read, List<? extends AbstractNativeReference> bounds) {
    RocksIterator iterator = db.newIterator(in.handle(), read);
    StoreRows rows = new StoreRows(in.family().id(), iterator, IteratorCalls.of(iterator), bounds);
    all.add(rows);
    return rows;
  }
}
