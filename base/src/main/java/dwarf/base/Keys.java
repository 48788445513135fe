package dwarf.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The order of user keys: bytewise, unsigned, a prefix first, which is RocksDB's {@code
 * BytewiseComparator}; and the one key that users cannot have.
 */
public final class Keys {

  private static final byte[] MARKER = {0x00, (byte) 0xff, 'd', 'w', 'a', 'r', 'f', 0x00};
  private static final ValueLayout.OfLong BIG_ENDIAN =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Keys() {}

  /** The reserved key under which each column family keeps its flush marker. */
  public static byte[] markerKey() {
    return MARKER.clone();
  }

  public static boolean isMarker(MemorySegment key) {
    return key.byteSize() == MARKER.length && key.mismatch(MemorySegment.ofArray(MARKER)) < 0;
  }

  public static boolean isMarker(byte[] key) {
    return Arrays.equals(key, MARKER);
  }

  /** Negative, zero or positive as {@code a} sorts before, with or after {@code b}. */
  public static int compare(MemorySegment a, MemorySegment b) {
    return compare(a, 0, a.byteSize(), b, 0, b.byteSize());
  }

  /**
   * {@link #compare(MemorySegment, MemorySegment)} on ranges, without slicing. Eight bytes at a
   * time, read as one number most significant byte first: most keys are short, and for those the
   * JDK's mismatch costs more to begin than to do.
   */
  public static int compare(
      MemorySegment a, long aFrom, long aTo, MemorySegment b, long bFrom, long bTo) {
    int shorter = (int) Math.min(aTo - aFrom, bTo - bFrom);
    int at = 0;
    for (; at <= shorter - Long.BYTES; at += Long.BYTES) {
      long left = a.get(BIG_ENDIAN, aFrom + at);
      long right = b.get(BIG_ENDIAN, bFrom + at);
      if (left != right) {
        return Long.compareUnsigned(left, right);
      }
    }
    for (; at < shorter; at++) {
      byte left = a.get(ValueLayout.JAVA_BYTE, aFrom + at);
      byte right = b.get(ValueLayout.JAVA_BYTE, bFrom + at);
      if (left != right) {
        return Byte.compareUnsigned(left, right);
      }
    }
    return Long.compare(aTo - aFrom, bTo - bFrom);
  }

  /** A readable rendering for messages: printable ASCII as it is, the rest as hex, cut at 40. */
  public static String show(MemorySegment key) {
    StringBuilder text = new StringBuilder();
    long shown = Math.min(key.byteSize(), 40);
    for (long i = 0; i < shown; i++) {
      byte b = key.get(ValueLayout.JAVA_BYTE, i);
      if (b >= 0x20 && b < 0x7f && b != '\\') {
        text.append((char) b);
      } else {
        text.append(String.format("\\x%02x", b));
      }
    }
    return key.byteSize() > shown ? text + "... (" + key.byteSize() + " bytes)" : text.toString();
  }
}
