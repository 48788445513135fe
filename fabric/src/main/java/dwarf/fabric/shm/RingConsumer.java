package dwarf.fabric.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The reading end of a ring; for one thread at a time. C1. Where it reads is kept here, never taken
 * from shared memory. C2. Each field is read once, checked, and then used from this copy; what is
 * summed is what is used, so a peer that changes bytes meanwhile harms itself. C3. A record is
 * valid only between {@link #next} and {@link #release}.
 */
final class RingConsumer {

  private final Ring ring;
  private final RecordHeader.Checksum checksum = new RecordHeader.Checksum();
  private long head;
  private long tail;
  private long at;

  RingConsumer(Ring ring) {
    this.ring = ring;
  }

  Ring ring() {
    return ring;
  }

  /** Bytes consumed so far. */
  long position() {
    return head;
  }

  /** Whether there is a record; CORRUPTION if the producer's position is absurd. */
  boolean hasNext() {
    if (head != tail) {
      return true;
    }
    long seen = ring.tail();
    if (seen == head) {
      return false;
    }
    if (seen < head || seen - head > ring.capacity() || (seen & 7) != 0) {
      throw RecordHeader.malformed("published up to " + seen + ", consumed up to " + head);
    }
    tail = seen;
    return true;
  }

  /** The next record's header; then either {@link #payload} or {@link #verify} is due. */
  RecordHeader next() {
    at = head & (ring.capacity() - 1);
    return RecordHeader.decode(ring.data(), at, tail - head);
  }

  /** The payload, copied and verified. */
  byte[] payload(RecordHeader header) {
    byte[] copy = new byte[header.length()];
    MemorySegment.copy(
        ring.data(), ValueLayout.JAVA_BYTE, at + RecordHeader.BYTES, copy, 0, copy.length);
    compare(checksum.of(ring.data(), at, copy));
    return copy;
  }

  /** Verifies a record of which the checksum covers {@code checked} bytes, copied by the caller. */
  void verify(byte[] checked) {
    compare(checksum.of(ring.data(), at, checked));
  }

  /** The first bytes of the payload. */
  byte[] start(int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(
        ring.data(), ValueLayout.JAVA_BYTE, at + RecordHeader.BYTES, copy, 0, length);
    return copy;
  }

  /** The payload in place, from an offset on. */
  MemorySegment inPlace(RecordHeader header, int from) {
    return ring.data().asSlice(at + RecordHeader.BYTES + from, header.length() - from);
  }

  /** Gives the record's room back to the producer. */
  void release(RecordHeader header) {
    head += RecordHeader.recordBytes(header.length());
    if (head > tail) {
      throw RecordHeader.malformed("record of " + header.length() + " bytes is not whole");
    }
    ring.head(head);
  }

  private void compare(int computed) {
    if (computed != RecordHeader.storedCrc(ring.data(), at)) {
      throw RecordHeader.malformed("checksum does not match");
    }
  }
}
