package dwarf.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Takes a message of {@link WireWriter} apart. Lengths are checked against what is left before
 * anything is allocated; every error is CORRUPTION and names the message and the offset.
 */
public final class WireReader {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String what;
  private final MemorySegment bytes;
  private long at;

  /**
   * @param what the name of the message or file, for error messages
   */
  public WireReader(String what, MemorySegment bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  public byte getByte() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1));
  }

  public int getUnsignedByte() {
    return getByte() & 0xff;
  }

  public int getUnsignedShort() {
    return bytes.get(SHORT, advance(2)) & 0xffff;
  }

  public int getInt() {
    return bytes.get(INT, advance(4));
  }

  public long getLong() {
    return bytes.get(LONG, advance(8));
  }

  public UUID getUuid() {
    long high = getLong();
    return new UUID(high, getLong());
  }

  /** A count of things that take at least {@code leastBytes} each; refused if they cannot fit. */
  public int getCount(int leastBytes) {
    int count = getInt();
    if (count < 0 || (long) count * leastBytes > remaining()) {
      throw damaged("count " + Integer.toUnsignedString(count) + " does not fit what is left");
    }
    return count;
  }

  /** A byte string as a view of the message. */
  public MemorySegment getSegment(int maxLength) {
    int length = getInt();
    if (length < 0 || length > maxLength) {
      throw damaged(
          "length " + Integer.toUnsignedString(length) + " is over the limit of " + maxLength);
    }
    return bytes.asSlice(advance(length), length);
  }

  public byte[] getBytes(int maxLength) {
    return getSegment(maxLength).toArray(ValueLayout.JAVA_BYTE);
  }

  public String getString(int maxLength) {
    return new String(getBytes(maxLength), StandardCharsets.UTF_8);
  }

  public long remaining() {
    return bytes.byteSize() - at;
  }

  public long position() {
    return at;
  }

  /** Refuses bytes after the last field: they mean that the peer speaks another layout. */
  public void expectEnd() {
    if (remaining() != 0) {
      throw damaged(remaining() + " bytes after the last field");
    }
  }

  /** A CORRUPTION error at the current position, for the caller's own checks. */
  public DwarfException damaged(String problem) {
    return DwarfException.corruption(what + ", offset " + at + ": " + problem);
  }

  private long advance(int length) {
    if (length > remaining()) {
      throw damaged("needs " + length + " bytes, " + remaining() + " are left");
    }
    long start = at;
    at += length;
    return start;
  }
}
