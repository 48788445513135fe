package dwarf.wal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory in which frames are put together for the disk; one per log. Grows with the frames
 * up to a bound. Left to the garbage collector, because closing memory that several threads use
 * stops them all for a moment.
 */
final class StagingBuffer {

  /** Frames up to this size go out by one write; longer ones in pieces of it. */
  static final int MAX_BYTES = 256 << 10;

  private static final int INITIAL_BYTES = 16 << 10;

  private MemorySegment memory = allocate(INITIAL_BYTES);

  /** Memory for a frame of that length, or as much as there may be. */
  MemorySegment forFrame(long bytes) {
    if (bytes > memory.byteSize() && memory.byteSize() < MAX_BYTES) {
      memory = allocate(Math.min(MAX_BYTES, Long.highestOneBit(bytes - 1) << 1));
    }
    return memory;
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }
}
