package dwarf.wal;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;

/**
 * Reads a range of sequences back from a log that is still being written, to rebuild what was lost
 * elsewhere. Everything below the lengths it is given has been written, so whatever does not verify
 * is damage.
 */
record WalReadBack(LogFiles files, UUID database, long first, long last) {

  /** The segments that have a sequence in the range, oldest first. */
  List<WalSegment> choose(List<WalSegment> live) {
    return live.stream()
        .filter(segment -> segment.firstSequence() <= last && segment.lastSequence() >= first)
        .toList();
  }

  void run(List<WalSegment> chosen, BatchConsumer consumer) {
    try (ReadBuffer buffer = new ReadBuffer()) {
      for (WalSegment segment : chosen) {
        read(segment, buffer, consumer);
      }
    } catch (IOException e) {
      throw LogFiles.failed("reading the log in " + files.directory() + " back", e);
    }
  }

  private void read(WalSegment segment, ReadBuffer buffer, BatchConsumer consumer)
      throws IOException {
    try (SegmentReader reader =
        new SegmentReader(files, database, segment.number(), segment.bytes(), buffer)) {
      long at = reader.header().encodedBytes();
      while (at < segment.bytes()) {
        FrameHeader header = reader.frameAt(at, segment.bytes());
        MemorySegment payload = header == null ? null : reader.payload(at, header);
        if (payload == null) {
          throw DwarfException.corruption(
              "log segment "
                  + segment.path()
                  + ", offset "
                  + at
                  + ": the frame there does not verify any more; check the storage");
        }
        for (WalBatch batch : FramePayload.decode(payload, header)) {
          if (batch.firstSequence() <= last && batch.lastSequence() >= first) {
            consumer.accept(batch.firstSequence(), batch.count(), batch.bytes());
          }
        }
        at += header.frameBytes();
      }
    }
  }
}
