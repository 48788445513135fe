package dwarf.wal;

import dwarf.base.Checksums;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

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

  /** The memory, as checksums take it; one for all of them. */
  private ByteBuffer view = memory.asByteBuffer();

  private long kept;

  /** Whether a frame of that length fits behind what is kept. */
  boolean hasRoom(long bytes) {
    return kept == 0 || kept + bytes <= memory.byteSize();
  }

  /** Memory for a frame of that length, or as much as there may be; behind what is kept. */
  MemorySegment forFrame(long bytes) {
    if (kept == 0 && bytes > memory.byteSize() && memory.byteSize() < MAX_BYTES) {
      memory = allocate(Math.min(MAX_BYTES, Long.highestOneBit(bytes - 1) << 1));
      view = memory.asByteBuffer();
    }
    return memory.asSlice(kept);
  }

  /** CRC32C of the salt and a part of the frame that is being put together. */
  int checksum(long salt, long from, long bytes) {
    CRC32C crc = Checksums.salted(salt);
    long start = kept + from;
    crc.update(view.limit((int) (start + bytes)).position((int) start));
    return (int) crc.getValue();
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
