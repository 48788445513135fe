package dwarf.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies byte strings of the length of keys and small values.
 *
 * <p>Idea: {@link MemorySegment#copy} is a call of a stub behind checks, whose fixed cost is that
 * of many bytes. A run of up to {@link #LONGEST} bytes is copied as longs, the last one overlapping
 * the one before it, which compiles to a loop of loads and stores in place; others go the old way.
 *
 * <p>Kept apart from those who copy, and each method small, so that the compiler has it inlined
 * everywhere. Source and target are different bytes.
 */
final class ShortBytes {

  /** Beyond that the fixed cost of a bulk copy no longer shows. */
  static final int LONGEST = 256;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private ShortBytes() {}

  static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, long length) {
    if (length > LONGEST) {
      MemorySegment.copy(from, fromAt, to, toAt, length);
    } else if (length >= Long.BYTES) {
      copyLongs(from, fromAt, to, toAt, (int) length - Long.BYTES);
    } else {
      copyBytes(from, fromAt, to, toAt, (int) length);
    }
  }

  private static void copyLongs(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int last) {
    for (int at = 0; at < last; at += Long.BYTES) {
      to.set(LONG, toAt + at, from.get(LONG, fromAt + at));
    }
    to.set(LONG, toAt + last, from.get(LONG, fromAt + last));
  }

  private static void copyBytes(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int length) {
    for (int at = 0; at < length; at++) {
      to.set(BYTE, toAt + at, from.get(BYTE, fromAt + at));
    }
  }
}
