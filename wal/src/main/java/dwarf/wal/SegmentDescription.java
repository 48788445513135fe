package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.wal.io.NativeDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What one log segment holds, read without touching the database: for people who look. Recovery
 * judges more strictly, since it knows the segments around.
 *
 * @param previousSequence last sequence in the log before this segment
 * @param lastSequence last sequence of its whole frames
 * @param durableThrough through this sequence the log had been synced when its last frame was made
 * @param frames whole frames (commit groups), each checked against its checksum
 * @param validBytes length of the header and those frames; what lies behind is no frame
 */
public record SegmentDescription(
    UUID database,
    long epoch,
    long number,
    long previousSequence,
    long lastSequence,
    long durableThrough,
    long frames,
    long validBytes,
    long bytes) {

  /** Whether the file has the name of a log segment. */
  public static boolean isSegment(Path file) {
    return LogFiles.number(file.getFileName().toString()) > 0;
  }

  /** Reads and checks every frame; CORRUPTION if the header cannot be believed. */
  public static SegmentDescription of(Path file) {
    Path path = file.toAbsolutePath();
    LogFiles files = new LogFiles(NativeDisk.INSTANCE, path.getParent());
    long number = LogFiles.number(path.getFileName().toString());
    if (number == 0) {
      throw DwarfException.invalid(file + " does not have the name of a log segment");
    }
    try (ReadBuffer buffer = new ReadBuffer()) {
      SegmentHeader header = header(files, number, buffer);
      UUID database = header.identity().database();
      try (SegmentReader reader = new SegmentReader(files, database, number, buffer)) {
        return describe(header, reader);
      }
    } catch (IOException e) {
      throw LogFiles.failed("reading log segment " + file, e);
    }
  }

  /** The header names the database, which every frame's checksum depends on. */
  private static SegmentHeader header(LogFiles files, long number, ReadBuffer buffer)
      throws IOException {
    try (SegmentReader reader = new SegmentReader(files, new UUID(0, 0), number, buffer)) {
      return reader.header();
    }
  }

  private static SegmentDescription describe(SegmentHeader header, SegmentReader reader)
      throws IOException {
    long at = header.encodedBytes();
    long frames = 0;
    long last = header.previousSequence();
    long durable = header.durableThrough();
    FrameHeader frame = reader.frameAt(at, reader.size());
    while (frame != null && reader.payload(at, frame) != null) {
      frames++;
      last = frame.lastSequence();
      durable = Math.max(durable, frame.durableThrough());
      at += frame.frameBytes();
      frame = reader.frameAt(at, reader.size());
    }
    return new SegmentDescription(
        header.identity().database(),
        header.identity().epoch(),
        header.number(),
        header.previousSequence(),
        last,
        durable,
        frames,
        at,
        reader.size());
  }
}
