package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;

/**
 * The writing end of a ring; for one thread at a time. Its own position is kept here and only told
 * to the other side, whose position is checked before it is believed.
 */
final class RingProducer {

  private final Ring ring;
  private final RecordHeader.Checksum checksum = new RecordHeader.Checksum();
  private final int mostPayload;
  private long tail;
  private long head;

  RingProducer(Ring ring) {
    this.ring = ring;
    mostPayload = RingLayout.mostPayload(ring.capacity());
  }

  Ring ring() {
    return ring;
  }

  /** The most that one record may carry. */
  int mostPayload() {
    return mostPayload;
  }

  long position() {
    return tail;
  }

  /**
   * Whether a record of that length fits now; CORRUPTION if the other side's position is absurd.
   */
  boolean hasRoom(int length) {
    int needed = RecordHeader.recordBytes(length);
    if (tail + needed - head <= ring.capacity()) {
      return true;
    }
    long seen = ring.head();
    if (seen < head || seen > tail) {
      throw RecordHeader.malformed(
          "consumed up to " + seen + " of " + tail + ", before that " + head);
    }
    head = seen;
    return tail + needed - head <= ring.capacity();
  }

  /** The bytes of the ring, for a payload from {@link #payloadAt} on; after {@link #hasRoom}. */
  MemorySegment data() {
    return ring.data();
  }

  long payloadAt() {
    return (tail & (ring.capacity() - 1)) + RecordHeader.BYTES;
  }

  /** Makes the record visible whose payload has been put in place. */
  void publish(RecordHeader header) {
    if (header.length() > mostPayload) {
      throw DwarfException.invalid("record of " + header.length() + " bytes");
    }
    header.encode(ring.data(), payloadAt() - RecordHeader.BYTES, checksum);
    tail += RecordHeader.recordBytes(header.length());
    ring.tail(tail);
  }
}
