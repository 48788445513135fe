package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The start of every record in a ring, little endian; the payload follows, and zeros up to a
 * multiple of 8.
 *
 * <pre>
 *   0        4      5       6      8      16      20      24
 *   | length | type | flags | code | id   | total | CRC   |
 *   | u32    | u8   | u8    | u16  | u64  | u32   | CRC32C of bytes 0 to 19 and of the payload
 * </pre>
 *
 * <p>A message longer than a record may be comes in several, one right after the other, all with
 * the {@code total} of the message and all but the last with {@link #MORE}.
 *
 * <p>The checksum leaves out the bytes that one-sided operations carry, but not their address. In
 * shared memory nothing lies between the ends that could damage bytes and would not damage the
 * region itself as well; summing them twice would cost as much as both copies. Whoever stores there
 * has checksums of its own, over the whole way. It covers all that this side acts upon.
 *
 * @param length bytes of this record's payload
 * @param code opcode of a REQUEST, kind of an ERROR, else 0
 * @param total bytes of the whole message; for READ, WRITE, DATA and GRANT the length again
 */
record RecordHeader(RecordType type, int flags, int code, long id, int length, int total) {

  static final int BYTES = 24;
  static final int CRC_AT = 20;

  /** There is another record of this message or transfer. */
  static final int MORE = 1;

  /** A reader asks to be told where the bytes are. */
  static final int WHERE = 2;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What a record takes in the ring. */
  static int recordBytes(int length) {
    return (BYTES + length + 7) & -8;
  }

  boolean hasMore() {
    return (flags & MORE) != 0;
  }

  boolean asksWhere() {
    return (flags & WHERE) != 0;
  }

  /** Writes header and checksum before a payload that is already there. */
  void encode(MemorySegment ring, long at, Checksum checksum) {
    ring.set(INT, at, length);
    ring.set(ValueLayout.JAVA_BYTE, at + 4, (byte) type.code());
    ring.set(ValueLayout.JAVA_BYTE, at + 5, (byte) flags);
    ring.set(SHORT, at + 6, (short) code);
    ring.set(LONG, at + 8, id);
    ring.set(INT, at + 16, total);
    ring.set(INT, at + CRC_AT, checksum.of(ring, at, type.checkedBytes(length)));
  }

  /** Reads the fields, or throws CORRUPTION; the checksum is for the caller to compare. */
  static RecordHeader decode(MemorySegment ring, long at, long available) {
    int length = ring.get(INT, at);
    if (length < 0 || length > available - BYTES) {
      throw malformed(
          "length of " + Integer.toUnsignedString(length) + " bytes where " + available + " are");
    }
    int typeCode = ring.get(ValueLayout.JAVA_BYTE, at + 4) & 0xff;
    RecordType type = RecordType.fromCode(typeCode);
    if (type == null) {
      throw malformed("unknown type " + typeCode);
    }
    int flags = ring.get(ValueLayout.JAVA_BYTE, at + 5);
    if ((flags & ~(MORE | WHERE)) != 0) {
      throw malformed("unknown flags " + (flags & 0xff));
    }
    int total = ring.get(INT, at + 16);
    if (total < length) {
      throw malformed("part of " + length + " bytes of a message of " + total);
    }
    int code = ring.get(SHORT, at + 6) & 0xffff;
    return new RecordHeader(type, flags, code, ring.get(LONG, at + 8), length, total);
  }

  static int storedCrc(MemorySegment ring, long at) {
    return ring.get(INT, at + CRC_AT);
  }

  static DwarfException malformed(String reason) {
    return DwarfException.corruption("malformed record: " + reason);
  }

  /**
   * Sums records by way of the heap: a checksum over a shared segment locks its scope each time.
   */
  static final class Checksum {

    private final CRC32C crc = new CRC32C();
    private final byte[] scratch = new byte[8 << 10];

    /** Over the header at {@code at} and the first {@code checked} bytes of its payload. */
    int of(MemorySegment ring, long at, int checked) {
      header(ring, at);
      for (int done = 0; done < checked; done += scratch.length) {
        add(ring, at + BYTES + done, Math.min(scratch.length, checked - done));
      }
      return (int) crc.getValue();
    }

    /** Over the header at {@code at} and a payload that was copied out. */
    int of(MemorySegment ring, long at, byte[] payload) {
      header(ring, at);
      crc.update(payload, 0, payload.length);
      return (int) crc.getValue();
    }

    private void header(MemorySegment ring, long at) {
      crc.reset();
      add(ring, at, CRC_AT);
    }

    private void add(MemorySegment ring, long at, int length) {
      MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, at, scratch, 0, length);
      crc.update(scratch, 0, length);
    }
  }
}
