package dwarf.memtable;

import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes of a memtable's records, one after the other in one contiguous piece of memory. A
 * record is named by its <em>unit</em>: its offset divided by eight, as an unsigned 32-bit number;
 * unit 0 is nil.
 *
 * <pre>
 *   0        8      12     16     20         24       28
 *   | seq:56 | next | jump | depth| valueLen | keyLen | key | value | pad to 8 |
 *   | type:8 |
 * </pre>
 *
 * <p>Never written to disk or shipped, hence in native byte order. L1. A record does not change
 * once it is reachable, except {@code next}, which changes by compare-and-set. L2. {@code next} is
 * the next older version of the same key, or nil. L3. {@code jump} is some older version further
 * down, or nil: with the versions of a key as a skew-binary list (Myers 1983), {@code depth} being
 * a version's place in it, a search down n versions takes O(log n) steps. An insertion between two
 * versions leaves depths behind it inexact, which costs steps, never a wrong answer.
 */
final class RecordLog {

  static final int NIL = 0;
  static final int UNIT_BYTES = 8;
  static final int FIRST_UNIT = 1;

  /** Units are unsigned 32-bit numbers. */
  static final long MAX_BYTES = ((1L << 32) - 1) * UNIT_BYTES;

  /** Bytes behind the last record that {@link #window} and {@link #commonPrefix} may read. */
  static final int SLACK_BYTES = 8;

  private static final int CACHE_LINE_BYTES = 64;

  private static final int SEQUENCE_TYPE = 0;
  private static final int NEXT = 8;
  private static final int JUMP = 12;
  private static final int DEPTH = 16;
  private static final int VALUE_LENGTH = 20;
  private static final int KEY_LENGTH = 24;
  private static final int KEY = 28;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** Where no alignment is asked for, none is checked. */
  private static final ValueLayout.OfLong ANY_LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final ValueLayout.OfInt ANY_INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong BIG_ENDIAN = ANY_LONG.withOrder(ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT_HANDLE = INT.varHandle();

  private final MemorySegment memory;

  RecordLog(MemorySegment memory) {
    this.memory = memory;
  }

  static long recordBytes(int keyLength, long valueLength) {
    return (KEY + keyLength + valueLength + UNIT_BYTES - 1) & -UNIT_BYTES;
  }

  static long offset(int unit) {
    return (unit & 0xffff_ffffL) * UNIT_BYTES;
  }

  /** Fills a record that nobody can reach yet. */
  void write(int unit, long sequence, RecordType type, MemorySegment key, MemorySegment value) {
    long at = offset(unit);
    int keyLength = (int) key.byteSize();
    int valueLength = (int) value.byteSize();
    memory.set(LONG, at + SEQUENCE_TYPE, sequence << 8 | type.code());
    memory.set(INT, at + VALUE_LENGTH, valueLength);
    memory.set(INT, at + KEY_LENGTH, keyLength);
    ShortBytes.copy(key, 0, memory, at + KEY, keyLength);
    ShortBytes.copy(value, 0, memory, at + KEY + keyLength, valueLength);
  }

  /** Puts an unreachable record in front of {@code next}, a version of the same key or nil. */
  void linkBefore(int next, int unit) {
    long at = offset(unit);
    int depth = 0;
    int jump = NIL;
    if (next != NIL) {
      depth = depth(next);
      int far = jump(next);
      int farDepth = depthOrZero(far);
      int farther = far == NIL ? NIL : jump(far);
      jump = depth - farDepth == farDepth - depthOrZero(farther) ? farther : next;
    }
    memory.set(INT, at + NEXT, next);
    memory.set(INT, at + JUMP, jump);
    memory.set(INT, at + DEPTH, depth + 1);
  }

  /** Makes {@code unit}, linked before {@code next}, the successor of {@code previous}. */
  boolean compareAndSetNext(int previous, int next, int unit) {
    return INT_HANDLE.compareAndSet(memory, offset(previous) + NEXT, next, unit);
  }

  int next(int unit) {
    return (int) INT_HANDLE.getAcquire(memory, offset(unit) + NEXT);
  }

  /** The first version at or below {@code from} that is not newer than {@code sequence}, or nil. */
  int visible(int from, long sequence) {
    int at = from;
    while (at != NIL && sequence(at) > sequence) {
      int jump = jump(at);
      at = jump != NIL && sequence(jump) > sequence ? jump : next(at);
    }
    return at;
  }

  /**
   * The last version at or below {@code from} that is newer than {@code sequence}, which {@code
   * from} must be. While others insert, what follows it may already be newer again.
   */
  int lastNewer(int from, long sequence) {
    int at = from;
    while (true) {
      int jump = jump(at);
      if (jump != NIL && sequence(jump) > sequence) {
        at = jump;
        continue;
      }
      int next = next(at);
      if (next == NIL || sequence(next) <= sequence) {
        return at;
      }
      at = next;
    }
  }

  long bytes(int unit) {
    return recordBytes(keyLength(unit), valueLength(unit));
  }

  long sequence(int unit) {
    return memory.get(ANY_LONG, offset(unit) + SEQUENCE_TYPE) >>> 8;
  }

  RecordType type(int unit) {
    return RecordType.fromCode((byte) memory.get(ANY_LONG, offset(unit) + SEQUENCE_TYPE));
  }

  int keyLength(int unit) {
    return memory.get(ANY_INT, offset(unit) + KEY_LENGTH);
  }

  int valueLength(int unit) {
    return memory.get(ANY_INT, offset(unit) + VALUE_LENGTH);
  }

  /** Loads some records, all at once, so that their misses overlap; otherwise as below. */
  long touch(int[] units, int from, int to) {
    long something = 0;
    for (int i = from; i < to; i++) {
      something += touch(units[i]);
    }
    return something;
  }

  /** Loads a record's header; otherwise as {@link #touch}. */
  long touchHead(int unit) {
    long at = offset(unit);
    return memory.get(LONG, at + SEQUENCE_TYPE) + memory.get(INT, at + KEY_LENGTH);
  }

  /** Loads a record's header and a short key; otherwise as {@link #touch}. */
  long touchKey(int unit) {
    long at = offset(unit);
    return memory.get(ANY_LONG, at)
        + memory.get(ANY_LONG, Math.min(at + KEY + Long.BYTES, memory.byteSize() - Long.BYTES));
  }

  /**
   * Loads what is mostly read of a record: header, key, and the beginning of the value.
   *
   * @return something of it, so that the loads are not optimized away
   */
  long touch(int unit) {
    long at = offset(unit);
    long last = memory.byteSize() - Long.BYTES;
    return memory.get(ANY_LONG, at)
        + memory.get(ANY_LONG, Math.min(at + CACHE_LINE_BYTES, last))
        + memory.get(ANY_LONG, Math.min(at + 2 * CACHE_LINE_BYTES, last));
  }

  MemorySegment key(int unit) {
    return memory.asSlice(keyOffset(unit), keyLength(unit));
  }

  /** Copies key and value, which follow each other. */
  void copyKeyValue(int unit, MemorySegment target, long to) {
    ShortBytes.copy(
        memory, keyOffset(unit), target, to, keyLength(unit) + (long) valueLength(unit));
  }

  MemorySegment value(int unit) {
    return value(unit, keyLength(unit));
  }

  /**
   * The same by who knows how long the key is: where the value lies is then known before the
   * record's first cache line has come, so the lines of the value are fetched beside it.
   */
  MemorySegment value(int unit, long keyLength) {
    return memory.asSlice(keyOffset(unit) + keyLength, valueLength(unit));
  }

  boolean hasKey(int unit, MemorySegment key) {
    long length = key.byteSize();
    if (keyLength(unit) != length) {
      return false;
    }
    long own = keyOffset(unit);
    long at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      if (memory.get(ANY_LONG, own + at) != key.get(ANY_LONG, at)) {
        return false;
      }
    }
    for (; at < length; at++) {
      if (memory.get(BYTE, own + at) != key.get(BYTE, at)) {
        return false;
      }
    }
    return true;
  }

  boolean sameKey(int a, int b) {
    int length = keyLength(a);
    return length == keyLength(b) && commonPrefix(a, b, length) == length;
  }

  /** How many leading key bytes two records share, at most {@code limit}. */
  int commonPrefix(int a, int b, int limit) {
    int length = Math.min(limit, Math.min(keyLength(a), keyLength(b)));
    long fromA = keyOffset(a);
    long fromB = keyOffset(b);
    for (int at = 0; at < length; at += Long.BYTES) {
      long differing = memory.get(BIG_ENDIAN, fromA + at) ^ memory.get(BIG_ENDIAN, fromB + at);
      if (differing != 0) {
        return Math.min(length, at + Long.numberOfLeadingZeros(differing) / Byte.SIZE);
      }
    }
    return length;
  }

  /** Key bytes [skip, skip + 8), zero padded, as an unsigned number. */
  long window(int unit, int skip) {
    int left = keyLength(unit) - skip;
    if (left <= 0) {
      return 0;
    }
    long window = memory.get(BIG_ENDIAN, keyOffset(unit) + skip);
    return left >= Long.BYTES ? window : window & (-1L << (Long.SIZE - 8 * left));
  }

  /** Internal order; records equal in key and sequence: the one added later first. */
  int compare(int a, int b) {
    long keyA = keyOffset(a);
    long keyB = keyOffset(b);
    int order = Keys.compare(memory, keyA, keyA + keyLength(a), memory, keyB, keyB + keyLength(b));
    if (order == 0) {
      order = Long.compare(sequence(b), sequence(a));
    }
    return order != 0 ? order : Integer.compareUnsigned(b, a);
  }

  /** A record against a place in internal order. */
  int compare(int unit, MemorySegment key, long sequence) {
    int order = compareKey(unit, key);
    return order != 0 ? order : Long.compare(sequence, sequence(unit));
  }

  private int compareKey(int unit, MemorySegment key) {
    long own = keyOffset(unit);
    return Keys.compare(memory, own, own + keyLength(unit), key, 0, key.byteSize());
  }

  private int jump(int unit) {
    return memory.get(ANY_INT, offset(unit) + JUMP);
  }

  private int depth(int unit) {
    return memory.get(ANY_INT, offset(unit) + DEPTH);
  }

  private int depthOrZero(int unit) {
    return unit == NIL ? 0 : depth(unit);
  }

  private static long keyOffset(int unit) {
    return offset(unit) + KEY;
  }
}
