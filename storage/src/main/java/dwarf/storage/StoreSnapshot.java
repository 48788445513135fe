package dwarf.storage;

import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/**
 * A fixed view of the whole store, all families. Any number of threads may read through it; closing
 * waits for those inside a read. Cursors opened through it stay valid after it is closed.
 */
public final class StoreSnapshot implements AutoCloseable {

  private final SstStore store;
  private final Snapshot snapshot;
  private final ReadOptions readOptions;
  private final ReadOptions scanOptions;
  private final UseGuard guard = new UseGuard("the snapshot");
  private final IdleRows idle = new IdleRows();
  private final AtomicBoolean released = new AtomicBoolean();

  StoreSnapshot(SstStore store, Snapshot snapshot) {
    this.store = store;
    this.snapshot = snapshot;
    this.readOptions = new ReadOptions().setSnapshot(snapshot);
    this.scanOptions = new ReadOptions(readOptions).setTotalOrderSeek(true);
  }

  /** For reading one family; INVALID_ARGUMENT if there is none with this id. */
  public FamilyReader reader(int family) {
    return store.reader(family, this);
  }

  @Override
  public void close() {
    store.release(this);
  }

  UseGuard guard() {
    return guard;
  }

  Snapshot nativeSnapshot() {
    return snapshot;
  }

  /** To be used inside the gate of the store's reads only. */
  ReadOptions readOptions() {
    return readOptions;
  }

  /** For walks without bounds, which keep no hold of it; inside that gate only. */
  ReadOptions scanOptions() {
    return scanOptions;
  }

  /** Iterators for the next walks. */
  IdleRows idle() {
    return idle;
  }

  /** Keeps an iterator for the next walk, if there will be one; returns whether it does. */
  boolean keep(StoreRows rows) {
    if (!guard.tryEnter()) {
      return false;
    }
    try {
      return idle.give(rows);
    } finally {
      guard.exit();
    }
  }

  /** Whether the caller is the one who has to release the native snapshot. */
  boolean claimRelease() {
    return released.compareAndSet(false, true);
  }
}
