package dwarf.memtable;

import java.lang.foreign.MemorySegment;

/**
 * An internal key between two blocks, as short as may be: at or after the last record of the one
 * and before the first of the other.
 *
 * @param hasSequence whether the key's versions go on in the next block, so that the sequence
 *     number of the last record belongs to the separator; without, it sorts after all versions
 */
record Separator(MemorySegment key, boolean hasSequence) {

  /**
   * @param next the first key of the next block; null if it is the same key
   */
  static Separator between(MemorySegment last, MemorySegment next) {
    if (next == null) {
      return new Separator(last, true);
    }
    long shared = last.mismatch(next);
    boolean shortens = shared + 1 < next.byteSize() && shared + 1 < last.byteSize();
    return new Separator(shortens ? next.asSlice(0, shared + 1) : last, false);
  }

  /** The separator of the last block: its own last key. */
  static Separator after(MemorySegment last) {
    return new Separator(last, false);
  }

  long bytes() {
    return key.byteSize() + (hasSequence ? Long.BYTES : 0);
  }
}
