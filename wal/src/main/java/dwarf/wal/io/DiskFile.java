package dwarf.wal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** An open file. Positions are given with every call, so that a failed call moves nothing. */
public interface DiskFile extends AutoCloseable {

  /**
   * Writes all of the segment at the offset. If it throws, an unknown part of that range has been
   * written.
   */
  void write(MemorySegment source, long offset) throws IOException;

  /** Reads until the target is full or the file ends; returns the number of bytes read. */
  long read(MemorySegment target, long offset) throws IOException;

  long size() throws IOException;

  /**
   * Makes the file that many bytes long, with zeros behind what it has, without writing them.
   * Throws if the storage cannot do that.
   */
  void extend(long size) throws IOException;

  /**
   * Maps that many bytes, from the start of the page with the offset on; the file has been extended
   * to where they end. Throws if the storage cannot do that, or not safely.
   */
  MappedRange map(long offset, long bytes) throws IOException;

  /** Cuts the file to that many bytes. */
  void truncate(long size) throws IOException;

  /** Makes the content and the length durable. After a failure nothing is known about either. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
