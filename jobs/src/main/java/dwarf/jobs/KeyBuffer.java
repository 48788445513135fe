package dwarf.jobs;

import java.lang.foreign.MemorySegment;

/** Holds a copy of one key, in memory that is reused. */
final class KeyBuffer {

  private MemorySegment space = MemorySegment.ofArray(new byte[128]);

  /** The copy; valid until the next call. */
  MemorySegment copy(MemorySegment key) {
    long length = key.byteSize();
    if (space.byteSize() < length) {
      space = MemorySegment.ofArray(new byte[Math.toIntExact(2 * length)]);
    }
    MemorySegment.copy(key, 0, space, 0, length);
    return space.asSlice(0, length);
  }
}
