package dwarf.wal;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.wal.io.DiskFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Reads the frames of one segment at given offsets. Believes nothing before its checksum. The size
 * is taken once, when the segment is opened, so a segment that somebody still appends to reads the
 * same twice; but what its writer has set aside behind the frames may go away meanwhile, so who
 * reads beside a writer says how much of the file counts. All views are valid until the next call.
 * Confined to one thread.
 */
final class SegmentReader implements AutoCloseable {

  private final UUID database;
  private final long number;
  private final Path path;
  private final DiskFile file;
  private final long size;
  private final ReadBuffer buffer;

  private MemorySegment window = MemorySegment.NULL;
  private long windowAt;

  SegmentReader(LogFiles files, UUID database, long number, ReadBuffer buffer) throws IOException {
    this(files, database, number, Long.MAX_VALUE, buffer);
  }

  /**
   * As above.
   *
   * @param most nothing behind so many bytes is looked at
   */
  SegmentReader(LogFiles files, UUID database, long number, long most, ReadBuffer buffer)
      throws IOException {
    this.database = database;
    this.number = number;
    this.path = files.segment(number);
    this.buffer = buffer;
    this.file = files.disk().open(path);
    this.size = Math.min(most, file.size());
  }

  long number() {
    return number;
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** The segment's header; CORRUPTION or NOT_SUPPORTED if it cannot be believed or read. */
  SegmentHeader header() throws IOException {
    int length = SegmentHeader.lengthOf(path, view(0, Math.min(size, SegmentHeader.FIXED_BYTES)));
    if (length > size) {
      throw DwarfException.corruption(
          "log segment " + path + ": its " + size + " bytes do not hold its header of " + length);
    }
    return SegmentHeader.decode(path, view(0, length));
  }

  /** The header of the frame that begins at the offset and ends within the limit, or null. */
  FrameHeader frameAt(long offset, long limit) throws IOException {
    if (Math.min(limit, size) - offset < FrameHeader.BYTES) {
      return null;
    }
    FrameHeader header =
        FrameHeader.decode(
            view(offset, FrameHeader.BYTES), FrameHeader.salt(database, number, offset));
    return header == null || header.frameBytes() > Math.min(limit, size) - offset ? null : header;
  }

  /** The payload of that frame, or null if it does not match its checksum. */
  MemorySegment payload(long offset, FrameHeader header) throws IOException {
    MemorySegment payload = view(offset + FrameHeader.BYTES, header.payloadLength());
    CRC32C crc = Checksums.salted(FrameHeader.salt(database, number, offset));
    Checksums.update(crc, payload);
    return (int) crc.getValue() == header.payloadCrc() ? payload : null;
  }

  /** Whether there is nothing but zeros from that offset to the end of the file. */
  boolean isZeroFrom(long from) throws IOException {
    for (long offset = from; offset < size; offset += ReadBuffer.WINDOW_BYTES) {
      MemorySegment piece = view(offset, Math.min(ReadBuffer.WINDOW_BYTES, size - offset));
      for (long i = 0; i < piece.byteSize(); i++) {
        if (piece.get(ValueLayout.JAVA_BYTE, i) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** The offset of the first whole and valid frame at or behind that offset, or -1. */
  long nextFrame(long from, long limit) throws IOException {
    for (long offset = from; offset + FrameHeader.BYTES <= limit; offset++) {
      FrameHeader header = frameAt(offset, limit);
      if (header != null && payload(offset, header) != null) {
        return offset;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    file.close();
    window = MemorySegment.NULL;
  }

  private MemorySegment view(long offset, long length) throws IOException {
    if (!buffer.isHeldBy(this)
        || offset < windowAt
        || offset + length > windowAt + window.byteSize()) {
      fill(offset, length);
    }
    return window.asSlice(offset - windowAt, length);
  }

  private void fill(long offset, long length) throws IOException {
    MemorySegment memory = buffer.take(this, length);
    long wanted = Math.min(memory.byteSize(), size - offset);
    window = MemorySegment.NULL;
    long read = file.read(memory.asSlice(0, wanted), offset);
    if (read < wanted) {
      throw new IOException(
          path
              + " has become shorter while it was read: "
              + (offset + read)
              + " of "
              + size
              + "; if a database is writing it, read again");
    }
    window = memory.asSlice(0, wanted);
    windowAt = offset;
  }
}
