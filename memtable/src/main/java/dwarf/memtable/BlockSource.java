package dwarf.memtable;

import java.lang.foreign.MemorySegment;

/**
 * Where the bytes of one image are read from: local memory, or another node's over the fabric.
 *
 * <p>A source that reads into a buffer of its own serves one reader or cursor at a time; one over
 * stable memory ({@link ShardReader#over}) serves any number of threads.
 */
@FunctionalInterface
public interface BlockSource {

  /**
   * Exactly {@code length} bytes at {@code offset} of the image, valid until the next read. Throws
   * UNAVAILABLE or STALE_HANDLE if it cannot answer; it never answers with fewer bytes.
   */
  MemorySegment read(long offset, int length);
}
