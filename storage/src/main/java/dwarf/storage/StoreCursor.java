package dwarf.storage;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A walk over one family's live rows. Every row is a PUT of sequence 0, older than anything in a
 * memtable. The reserved marker key is stepped over.
 *
 * <p>Keys are copied out on every move, because the marker must be recognised; values only for who
 * asked for that of the row before, or asks now. Both live in buffers that are reused.
 */
final class StoreCursor implements Cursor {

  private final StoreCursors cursors;
  private final StoreSnapshot snapshot;
  private final StoreRows rows;
  private MemorySegment key = MemorySegment.NULL;
  private MemorySegment value;
  private boolean wantsValues;
  private boolean valid;
  private boolean failed;
  private boolean closed;

  /**
   * @param rows its own until it is closed
   */
  StoreCursor(StoreCursors cursors, StoreSnapshot snapshot, StoreRows rows) {
    this.cursors = cursors;
    this.snapshot = snapshot;
    this.rows = rows;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public void seekToFirst() {
    seek(rows.iterator()::seekToFirst, true);
  }

  @Override
  public void seekToLast() {
    seek(rows.iterator()::seekToLast, false);
  }

  @Override
  public void seek(MemorySegment target) {
    byte[] wanted = target.toArray(ValueLayout.JAVA_BYTE);
    seek(() -> rows.iterator().seek(wanted), true);
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    byte[] wanted = target.toArray(ValueLayout.JAVA_BYTE);
    seek(() -> rows.iterator().seekForPrev(wanted), false);
  }

  @Override
  public void next() {
    Invariants.check(valid, "a cursor is only moved while it is valid");
    enter();
    try {
      leaveRow();
      rows.next();
      settle(true);
    } finally {
      cursors.guard().exit();
    }
  }

  @Override
  public void prev() {
    Invariants.check(valid, "a cursor is only moved while it is valid");
    enter();
    try {
      leaveRow();
      rows.prev();
      settle(false);
    } finally {
      cursors.guard().exit();
    }
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
    wantsValues = true;
    if (value == null) {
      enter();
      try {
        value = rows.value();
      } finally {
        cursors.guard().exit();
      }
    }
    return value;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      valid = false;
      cursors.release(rows, snapshot, !failed);
    }
  }

  private void seek(Runnable step, boolean forward) {
    enter();
    try {
      leaveRow();
      step.run();
      settle(forward);
    } finally {
      cursors.guard().exit();
    }
  }

  private void leaveRow() {
    valid = false;
    value = null;
  }

  private void settle(boolean forward) {
    boolean there = rows.isValid();
    if (there) {
      key = rows.key();
      if (Keys.isMarker(key)) {
        there = passMarker(forward);
      }
    }
    if (!there) {
      failed = true;
      rows.checkStatus();
      failed = false;
    } else if (wantsValues) {
      value = rows.value();
    }
    valid = there;
  }

  private boolean passMarker(boolean forward) {
    if (forward) {
      rows.next();
    } else {
      rows.prev();
    }
    if (!rows.isValid()) {
      return false;
    }
    key = rows.key();
    return true;
  }

  private void enter() {
    cursors.guard().enter();
    if (closed) {
      cursors.guard().exit();
      throw new DwarfException(DwarfException.Kind.CLOSED, "the cursor has been closed");
    }
  }
}
