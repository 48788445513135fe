package dwarf.storage;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * A walk over one family's live rows. Every row is a PUT of sequence 0, older than anything in a
 * memtable. The reserved marker key is stepped over.
 *
 * <p>Keys are copied out on every move, because the marker must be recognised; values only if they
 * are asked for. Both live in buffers that are reused.
 */
final class StoreCursor implements Cursor {

  private final SstStore store;
  private final ReadOptions readOptions;
  private final Slice lower;
  private final Slice upper;
  private final RocksIterator rows;
  private final AtomicBoolean released = new AtomicBoolean();
  private ByteBuffer keyBuffer = ByteBuffer.allocateDirect(128);
  private ByteBuffer valueBuffer = ByteBuffer.allocateDirect(1024);
  private MemorySegment key = MemorySegment.NULL;
  private MemorySegment value;
  private boolean valid;

  /** Takes over the native objects. */
  StoreCursor(
      SstStore store, RocksIterator rows, ReadOptions readOptions, Slice lower, Slice upper) {
    this.store = store;
    this.rows = rows;
    this.readOptions = readOptions;
    this.lower = lower;
    this.upper = upper;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public void seekToFirst() {
    move(rows::seekToFirst, true);
  }

  @Override
  public void seekToLast() {
    move(rows::seekToLast, false);
  }

  @Override
  public void seek(MemorySegment target) {
    byte[] wanted = target.toArray(ValueLayout.JAVA_BYTE);
    move(() -> rows.seek(wanted), true);
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    byte[] wanted = target.toArray(ValueLayout.JAVA_BYTE);
    move(() -> rows.seekForPrev(wanted), false);
  }

  @Override
  public void next() {
    Invariants.check(valid, "a cursor is only moved while it is valid");
    move(rows::next, true);
  }

  @Override
  public void prev() {
    Invariants.check(valid, "a cursor is only moved while it is valid");
    move(rows::prev, false);
  }

  @Override
  public MemorySegment key() {
    return key;
  }

  @Override
  public long sequence() {
    return 0;
  }

  @Override
  public RecordType type() {
    return RecordType.PUT;
  }

  @Override
  public MemorySegment value() {
    if (value == null) {
      enter();
      try {
        int length = rows.value(valueBuffer.clear());
        if (length > valueBuffer.capacity()) {
          valueBuffer = ByteBuffer.allocateDirect(grown(length));
          rows.value(valueBuffer);
        }
        value = MemorySegment.ofBuffer(valueBuffer.position(0).limit(length));
      } finally {
        store.guard().exit();
      }
    }
    return value;
  }

  @Override
  public void close() {
    valid = false;
    store.release(this);
  }

  /** Whether the caller is the one who has to call {@link #free()}. */
  boolean claimRelease() {
    return released.compareAndSet(false, true);
  }

  void free() {
    rows.close();
    readOptions.close();
    if (lower != null) {
      lower.close();
    }
    if (upper != null) {
      upper.close();
    }
  }

  private void move(Runnable step, boolean forward) {
    enter();
    try {
      valid = false;
      value = null;
      step.run();
      settle(forward);
    } finally {
      store.guard().exit();
    }
  }

  private void settle(boolean forward) {
    boolean there = rows.isValid();
    if (there) {
      readKey();
      if (Keys.isMarker(key)) {
        if (forward) {
          rows.next();
        } else {
          rows.prev();
        }
        there = rows.isValid();
        if (there) {
          readKey();
        }
      }
    }
    if (!there) {
      checkStatus();
    }
    valid = there;
  }

  private void readKey() {
    int length = rows.key(keyBuffer.clear());
    if (length > keyBuffer.capacity()) {
      keyBuffer = ByteBuffer.allocateDirect(grown(length));
      rows.key(keyBuffer);
    }
    key = MemorySegment.ofBuffer(keyBuffer.position(0).limit(length));
  }

  private void checkStatus() {
    try {
      rows.status();
    } catch (RocksDBException e) {
      throw StoreErrors.of("reading on from the SST tier", e);
    }
  }

  private void enter() {
    store.guard().enter();
    if (released.get()) {
      store.guard().exit();
      throw new DwarfException(DwarfException.Kind.CLOSED, "the cursor has been closed");
    }
  }

  private static int grown(int length) {
    return (int) Math.min(Integer.MAX_VALUE, length + (length >>> 1) + 16L);
  }
}
