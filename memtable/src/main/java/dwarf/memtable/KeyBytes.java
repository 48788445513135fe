package dwarf.memtable;

import dwarf.base.Keys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Internal order (user key ascending, sequence number descending) and the bytes of keys. */
final class KeyBytes {

  private static final ValueLayout.OfLong BIG_ENDIAN =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private KeyBytes() {}

  /**
   * The first eight bytes, zero padded, as an unsigned number: if two keys differ in it, they sort
   * as it does.
   */
  static long prefix(MemorySegment key) {
    long length = key.byteSize();
    if (length >= Long.BYTES) {
      return key.get(BIG_ENDIAN, 0);
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (key.get(ValueLayout.JAVA_BYTE, i) & 0xffL) << (56 - 8 * i);
    }
    return prefix;
  }

  /** Internal order of (key a, sequence a) and (key b, sequence b). */
  static int compare(MemorySegment a, long sequenceOfA, MemorySegment b, long sequenceOfB) {
    int order = Keys.compare(a, b);
    return order != 0 ? order : Long.compare(sequenceOfB, sequenceOfA);
  }

  /** Most keys that are compared differ early, and then a whole comparison is not begun. */
  static boolean same(MemorySegment a, MemorySegment b) {
    long length = a.byteSize();
    boolean mayBe =
        length == b.byteSize()
            && (length < Long.BYTES || a.get(BIG_ENDIAN, 0) == b.get(BIG_ENDIAN, 0));
    return mayBe && a.mismatch(b) < 0;
  }

  static String show(MemorySegment key, long sequence) {
    return "'" + Keys.show(key) + "' at sequence " + sequence;
  }
}
