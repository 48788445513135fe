package dwarf.fabric.memory;

import java.lang.foreign.MemorySegment;

/** One large range of zeroed memory that takes physical pages only where it is used. */
public interface Pages extends AutoCloseable {

  /** Offsets and lengths are multiples of this. */
  int BYTES = 4096;

  MemorySegment memory();

  /**
   * Makes sure that the range can be touched; NO_SPACE if there are no pages for it. Must be called
   * before its first use, and again before the next one after {@link #discard}.
   */
  void commit(long offset, long length);

  /** Gives whole pages back to the operating system; what is committed again is zero. */
  void discard(long offset, long length);

  /** Frees everything; a late use by this process throws. */
  @Override
  void close();
}
