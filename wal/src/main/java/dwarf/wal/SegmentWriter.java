package dwarf.wal;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.wal.io.DiskFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Appends frames to one segment file.
 *
 * <p>A frame that fits the staging buffer is assembled there and written by one call; a longer one
 * is checksummed first and then goes through the buffer in pieces, so a value of 1 GiB costs no
 * second copy of it. A failed append changes none of the fields: what it left in the file is cut by
 * {@link #cut} or by recovery.
 *
 * <p>A frame may also stay in the staging buffer, until that is full or {@link #flush}; the buffer
 * holds frames of the newest segment only.
 *
 * <p>Threading: one thread at a time; {@link #sync} by any thread beside it, and not beside {@link
 * #close}.
 */
final class SegmentWriter implements AutoCloseable {

  private final LogFiles files;
  private final LogIdentity identity;
  private final long number;
  private final long previousSequence;
  private final DiskFile file;
  private final SegmentSpace space;
  private final StagingBuffer buffer;
  private final FamilyMarks families = new FamilyMarks();

  /** With what is kept in the buffer. */
  private long length;

  private long lastSequence;
  private int lastFrameCrc;

  private SegmentWriter(LogFiles files, SegmentHeader header, DiskFile file, StagingBuffer buffer) {
    this.files = files;
    this.identity = header.identity();
    this.number = header.number();
    this.previousSequence = header.previousSequence();
    this.lastSequence = previousSequence;
    this.file = file;
    this.space = new SegmentSpace(file, files.segment(number));
    this.buffer = buffer;
  }

  /** Begins a segment under an unfinished name; it counts for nothing until {@link #publish}. */
  static SegmentWriter create(LogFiles files, SegmentHeader header, StagingBuffer buffer)
      throws IOException {
    DiskFile file = files.disk().create(files.unfinished(header.number()));
    SegmentWriter segment = new SegmentWriter(files, header, file, buffer);
    try {
      MemorySegment encoded = header.encode();
      file.write(encoded, 0);
      segment.length = encoded.byteSize();
      return segment;
    } catch (IOException e) {
      segment.abandon(e);
      throw e;
    }
  }

  /** Syncs what is in the segment and gives it its name. Its place in the directory comes next. */
  void publish() throws IOException {
    try {
      file.sync();
      files.disk().rename(files.unfinished(number), files.segment(number));
    } catch (IOException e) {
      abandon(e);
      throw e;
    }
  }

  /** Removes the unfinished file; what else fails is added to the cause. */
  void abandon(Exception cause) {
    try {
      file.close();
      files.disk().delete(files.unfinished(number));
    } catch (NoSuchFileException gone) {
      cause.addSuppressed(gone);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Appends a frame.
   *
   * @param buffered whether it may stay in the buffer for now
   */
  WalPosition append(WalFrame frame, long previous, long durableThrough, boolean buffered)
      throws IOException {
    long payload = FramePayload.length(frame, previous);
    if (payload > FrameHeader.MAX_PAYLOAD_BYTES) {
      throw DwarfException.invalid(
          "commit group of "
              + payload
              + " bytes: the longest log frame is "
              + FrameHeader.MAX_PAYLOAD_BYTES);
    }
    long salt = FrameHeader.salt(identity.database(), number, length);
    long bytes = FrameHeader.BYTES + payload;
    if (!buffer.hasRoom(bytes)) {
      flush();
    }
    MemorySegment staging = buffer.forFrame(buffered ? StagingBuffer.MAX_BYTES : bytes);
    boolean fits = bytes <= staging.byteSize();
    int payloadCrc;
    if (fits) {
      assemble(staging, frame, previous);
      payloadCrc = buffer.checksum(salt, FrameHeader.BYTES, payload);
    } else {
      payloadCrc = checksum(staging, frame, previous, salt);
    }
    FrameHeader header =
        new FrameHeader(0, payloadCrc, payload, previous, frame.lastSequence(), durableThrough);
    int crc = seal(staging, header, salt);
    if (!fits) {
      writeInPieces(staging, frame, previous);
    } else if (buffered) {
      buffer.keep(bytes);
    } else {
      writeKeptAnd(bytes);
    }
    WalPosition position = new WalPosition(number, length);
    length += header.frameBytes();
    lastSequence = header.lastSequence();
    lastFrameCrc = crc;
    List<WalBatch> batches = frame.batches();
    for (int i = 0; i < batches.size(); i++) {
      families.raise(batches.get(i));
    }
    return position;
  }

  private int seal(MemorySegment staging, FrameHeader header, long salt) {
    FrameHeader.encode(staging, header);
    long checked = FrameHeader.BYTES - FrameHeader.PAYLOAD_CRC_AT;
    int crc = buffer.checksum(salt, FrameHeader.PAYLOAD_CRC_AT, checked);
    FrameHeader.seal(staging, crc);
    return crc;
  }

  /** Hands what is kept in the buffer to the operating system; if that fails it stays there. */
  void flush() throws IOException {
    if (buffer.kept() > 0) {
      writeKeptAnd(0);
    }
  }

  /** {@link SegmentSpace#expectMoreSyncs} */
  void expectMoreSyncs() {
    space.expectMoreSyncs(length);
  }

  /** {@link SegmentSpace#reserve} */
  long reserve(long least, long wanted) {
    return space.reserve(length, least, wanted);
  }

  /** Whether short frames get into the file without a system call at present. */
  boolean isInMemory() {
    return space.isInMemory();
  }

  /** No frame follows, and none is in the buffer. */
  void end() throws IOException {
    space.end(length);
  }

  /** Makes everything handed to the operating system durable. */
  void sync() throws IOException {
    file.sync();
  }

  /** Cuts what a failed append left behind the last good frame in the file. */
  void cut() throws IOException {
    space.cut(writtenLength());
  }

  /** The length of the file, without what is kept in the buffer; of the newest segment. */
  long writtenLength() {
    return length - buffer.kept();
  }

  long number() {
    return number;
  }

  long length() {
    return length;
  }

  long firstSequence() {
    return previousSequence + 1;
  }

  long lastSequence() {
    return lastSequence;
  }

  boolean isEmpty() {
    return lastSequence == previousSequence;
  }

  /** Where the next segment continues. */
  SegmentHeader.Previous continuation() {
    return new SegmentHeader.Previous(number, length, lastFrameCrc);
  }

  /** The last sequence of each family in here. */
  Map<Integer, Long> lastByFamily() {
    return families.toMap();
  }

  LiveSegment toLive() {
    return new LiveSegment(
        new WalSegment(number, files.segment(number), length, firstSequence(), lastSequence),
        families.toMap());
  }

  @Override
  public void close() throws IOException {
    space.closeWindow();
    file.close();
  }

  private void writeKeptAnd(long bytes) throws IOException {
    space.write(buffer.keptAnd(bytes), writtenLength());
    buffer.clear();
  }

  private static void assemble(MemorySegment staging, WalFrame frame, long previous) {
    long at = FrameHeader.BYTES;
    long last = previous;
    List<WalBatch> batches = frame.batches();
    for (int i = 0; i < batches.size(); i++) {
      WalBatch batch = batches.get(i);
      at = FramePayload.encodePrefix(staging, at, batch, last);
      MemorySegment.copy(batch.bytes(), 0, staging, at, batch.bytes().byteSize());
      at += batch.bytes().byteSize();
      last = batch.lastSequence();
    }
  }

  private static int checksum(MemorySegment staging, WalFrame frame, long previous, long salt) {
    CRC32C crc = Checksums.salted(salt);
    long last = previous;
    for (WalBatch batch : frame.batches()) {
      long prefix = FramePayload.encodePrefix(staging, 0, batch, last);
      Checksums.update(crc, staging.asSlice(0, prefix));
      Checksums.update(crc, batch.bytes());
      last = batch.lastSequence();
    }
    return (int) crc.getValue();
  }

  /** Writes the frame whose header lies at the start of the staging buffer. */
  private void writeInPieces(MemorySegment staging, WalFrame frame, long previous)
      throws IOException {
    long at = length;
    int filled = FrameHeader.BYTES;
    long last = previous;
    for (WalBatch batch : frame.batches()) {
      if (staging.byteSize() - filled < FramePayload.MAX_PREFIX_BYTES) {
        at = write(staging, at, filled);
        filled = 0;
      }
      filled = (int) FramePayload.encodePrefix(staging, filled, batch, last);
      MemorySegment bytes = batch.bytes();
      for (long done = 0; done < bytes.byteSize(); ) {
        int piece = (int) Math.min(bytes.byteSize() - done, staging.byteSize() - filled);
        MemorySegment.copy(bytes, done, staging, filled, piece);
        done += piece;
        filled += piece;
        if (filled == staging.byteSize()) {
          at = write(staging, at, filled);
          filled = 0;
        }
      }
      last = batch.lastSequence();
    }
    write(staging, at, filled);
  }

  private long write(MemorySegment staging, long at, int filled) throws IOException {
    file.write(staging.asSlice(0, filled), at);
    return at + filled;
  }
}
