package dwarf.memtable;

import dwarf.base.Cursor;
import dwarf.base.Keys;
import java.lang.foreign.MemorySegment;

/**
 * A cursor that can also be placed inside the versions of one key, so that thousands of versions
 * which a reader cannot see cost one search instead of a walk.
 */
public interface VersionedCursor extends Cursor {

  /**
   * To the newest version of {@code key} whose sequence number is at most {@code sequence}; if
   * there is none, to the newest version of the first later key.
   */
  void seekVersion(MemorySegment key, long sequence);

  /** {@link #seekVersion} on any cursor: by search where it is supported, else by walking. */
  static void seekVersion(Cursor cursor, MemorySegment key, long sequence) {
    if (cursor instanceof VersionedCursor versioned) {
      versioned.seekVersion(key, sequence);
      return;
    }
    cursor.seek(key);
    while (cursor.isValid()
        && cursor.sequence() > sequence
        && Keys.compare(cursor.key(), key) == 0) {
      cursor.next();
    }
  }
}
