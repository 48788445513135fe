package dwarf.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Builds one little-endian message on the heap. Fixed-width numbers, and byte strings with a 32-bit
 * length in front; {@link WireReader} takes them apart again.
 */
public final class WireWriter {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private MemorySegment segment;
  private int size;

  public WireWriter() {
    this(256);
  }

  public WireWriter(int initialCapacity) {
    bytes = new byte[Math.max(16, initialCapacity)];
    segment = MemorySegment.ofArray(bytes);
  }

  public WireWriter putByte(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public WireWriter putShort(int value) {
    ensure(2);
    segment.set(SHORT, size, (short) value);
    size += 2;
    return this;
  }

  public WireWriter putInt(int value) {
    ensure(4);
    segment.set(INT, size, value);
    size += 4;
    return this;
  }

  public WireWriter putLong(long value) {
    ensure(8);
    segment.set(LONG, size, value);
    size += 8;
    return this;
  }

  public WireWriter putUuid(UUID value) {
    return putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
  }

  /** A byte string: its length as 32 bits, then the bytes. */
  public WireWriter putBytes(MemorySegment value) {
    putInt(Math.toIntExact(value.byteSize()));
    return putRaw(value);
  }

  public WireWriter putBytes(byte[] value) {
    return putBytes(MemorySegment.ofArray(value));
  }

  public WireWriter putString(String value) {
    return putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes without a length, for fields whose length the layout fixes. */
  public WireWriter putRaw(MemorySegment value) {
    int length = Math.toIntExact(value.byteSize());
    ensure(length);
    MemorySegment.copy(value, 0, segment, size, length);
    size += length;
    return this;
  }

  /** Overwrites four bytes written earlier, for lengths and checksums known only at the end. */
  public WireWriter setInt(int offset, int value) {
    Invariants.check(offset >= 0 && offset + 4 <= size, "setInt inside the written bytes");
    segment.set(INT, offset, value);
    return this;
  }

  public int size() {
    return size;
  }

  /** What has been written, without a copy; valid until the next put. */
  public MemorySegment segment() {
    return segment.asSlice(0, size);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, 1 << 30)));
      segment = MemorySegment.ofArray(bytes);
    }
  }
}
