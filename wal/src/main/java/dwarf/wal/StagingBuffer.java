package dwarf.wal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory in which frames are put together for the disk; one per log. Grows with the frames
 * up to a bound. Frames that need not be written at once are kept, each behind the one before. Left
 * to the garbage collector, because closing memory that several threads use stops them all for a
 * moment.
 */
final class StagingBuffer {

  /** Frames up to this size go out by one write; longer ones in pieces of it. */
  static final int MAX_BYTES = 256 << 10;

  private static final int INITIAL_BYTES = 16 << 10;

  private MemorySegment memory = allocate(INITIAL_BYTES);
  private long kept;

  /** Whether a frame of that length fits behind what is kept. */
  boolean hasRoom(long bytes) {
    return kept == 0 || kept + bytes <= memory.byteSize();
  }

  /** Memory for a frame of that length, or as much as there may be; behind what is kept. */
  MemorySegment forFrame(long bytes) {
    if (kept == 0 && bytes > memory.byteSize() && memory.byteSize() < MAX_BYTES) {
      memory = allocate(Math.min(MAX_BYTES, Long.highestOneBit(bytes - 1) << 1));
    }
    return memory.asSlice(kept);
  }

  /** The frame just put together stays here for now; some more are expected. */
  void keep(long bytes) {
    kept += bytes;
  }

  /** How many bytes are kept. */
  long kept() {
    return kept;
  }

  /** What is kept, and that many bytes behind it. */
  MemorySegment keptAnd(long bytes) {
    return memory.asSlice(0, kept + bytes);
  }

  /** What was kept has been written. */
  void clear() {
    kept = 0;
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }
}
