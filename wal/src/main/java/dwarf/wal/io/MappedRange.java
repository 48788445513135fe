package dwarf.wal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A part of a file that lies in memory: what is written there is in the file at once. */
public interface MappedRange extends AutoCloseable {

  /** The offset in the file where it ends. */
  long end();

  /**
   * As {@link DiskFile#write}, within what was asked to be mapped, and without a call of the
   * operating system. Both may be mixed.
   */
  void write(MemorySegment source, long offset) throws IOException;

  /** What was written stays. Not twice. */
  @Override
  void close() throws IOException;
}
