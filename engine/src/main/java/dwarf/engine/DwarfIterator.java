package dwarf.engine;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.engine.read.Scanner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A walk over one column family as of the moment it was opened (or of its snapshot), in key order,
 * in both directions, within its bounds. Methods are RocksDB's; unlike there a failure is thrown
 * where it happens as well as from {@link #status()}, so a walk cut short is never taken for the
 * end. One thread at a time; close it, for it pins memtables and files.
 */
public final class DwarfIterator implements AutoCloseable {

  private final Cursor cursor;
  private final MemorySegment lower;
  private final MemorySegment upper;
  private final boolean isBounded;
  private final Runnable onClose;
  private DwarfException failure;
  private boolean inBounds;
  private boolean closed;

  DwarfIterator(Cursor cursor, Scanner.Bounds bounds, Runnable onClose) {
    this.cursor = cursor;
    this.lower = bounds.lower() == null ? null : MemorySegment.ofArray(bounds.lower());
    this.upper = bounds.upper() == null ? null : MemorySegment.ofArray(bounds.upper());
    this.isBounded = lower != null || upper != null;
    this.onClose = onClose;
  }

  public boolean isValid() {
    return !closed && failure == null && inBounds;
  }

  public void seekToFirst() {
    move(
        () -> {
          if (lower == null) {
            cursor.seekToFirst();
          } else {
            cursor.seek(lower);
          }
        });
  }

  public void seekToLast() {
    move(
        () -> {
          if (upper == null) {
            cursor.seekToLast();
          } else {
            seekBelow(upper);
          }
        });
  }

  /** To the first key at or after the target. */
  public void seek(byte[] target) {
    MemorySegment key = MemorySegment.ofArray(target);
    boolean below = lower != null && Keys.compare(key, lower) < 0;
    move(() -> cursor.seek(below ? lower : key));
  }

  /** To the last key at or before the target. */
  public void seekForPrev(byte[] target) {
    MemorySegment key = MemorySegment.ofArray(target);
    move(
        () -> {
          if (upper != null && Keys.compare(key, upper) >= 0) {
            seekBelow(upper);
          } else {
            cursor.seekForPrev(key);
          }
        });
  }

  public void next() {
    requireValid("next");
    try {
      cursor.next();
      settle();
    } catch (DwarfException e) {
      throw failed(e);
    }
  }

  public void prev() {
    requireValid("prev");
    try {
      cursor.prev();
      settle();
    } catch (DwarfException e) {
      throw failed(e);
    }
  }

  public byte[] key() {
    return keySegment().toArray(ValueLayout.JAVA_BYTE);
  }

  public byte[] value() {
    return valueSegment().toArray(ValueLayout.JAVA_BYTE);
  }

  /** The key without a copy; valid until the iterator moves or closes. */
  public MemorySegment keySegment() {
    requireValid("key");
    return cursor.key();
  }

  /** The value without a copy; valid until the iterator moves or closes. */
  public MemorySegment valueSegment() {
    requireValid("value");
    return cursor.value();
  }

  /** Throws the failure that ended the walk, if one did. */
  public void status() {
    if (failure != null) {
      throw failure;
    }
  }

  private void seekBelow(MemorySegment bound) {
    cursor.seekForPrev(bound);
    while (cursor.isValid() && Keys.compare(cursor.key(), bound) >= 0) {
      cursor.prev();
    }
  }

  /** A seek, which an earlier failure does not stand in the way of. */
  private void move(Runnable seek) {
    if (closed) {
      throw new DwarfException(DwarfException.Kind.CLOSED, "the iterator is closed");
    }
    failure = null;
    try {
      seek.run();
      settle();
    } catch (DwarfException e) {
      throw failed(e);
    }
  }

  private void settle() {
    inBounds = cursor.isValid() && (!isBounded || withinBounds(cursor.key()));
  }

  private DwarfException failed(DwarfException e) {
    failure = e;
    return e;
  }

  private boolean withinBounds(MemorySegment key) {
    return (lower == null || Keys.compare(key, lower) >= 0)
        && (upper == null || Keys.compare(key, upper) < 0);
  }

  private void requireValid(String call) {
    if (!isValid()) {
      throw DwarfException.invalid(call + "() on an iterator that is not valid: ask isValid()");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      cursor.close();
      onClose.run();
    }
  }
}
