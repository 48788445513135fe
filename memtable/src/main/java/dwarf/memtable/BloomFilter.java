package dwarf.memtable;

import static dwarf.memtable.ImageFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A Bloom filter of 64-byte lines: the upper bits of a key's hash choose one line, and all probes
 * stay inside it, so that a test costs one cache miss. Part of the image format: neither the hash
 * nor the choice of bits may change without a new version.
 */
final class BloomFilter {

  static final int LINE_BYTES = 64;
  static final int MAX_PROBES = 24;

  private static final int LINE_BIT_SHIFT = 64 - 9;
  private static final long LENGTH_FACTOR = 0x9e3779b97f4a7c15L;
  private static final long WORD_FACTOR = 0xd1342543de82ef95L;
  private static final long PROBE_FACTOR = 0xda942042e4dd58b5L;

  private final MemorySegment lines;
  private final long count;
  private final int probes;

  /**
   * @param lines whole lines; none for a filter that lets everything pass
   */
  BloomFilter(MemorySegment lines, int probes) {
    this.lines = lines;
    this.count = lines.byteSize() / LINE_BYTES;
    this.probes = probes;
  }

  static long bytesFor(long keys, double bitsPerKey) {
    long bits = (long) Math.ceil(keys * bitsPerKey);
    return Math.ceilDiv(bits, LINE_BYTES * 8L) * LINE_BYTES;
  }

  static int probesFor(double bitsPerKey) {
    return bitsPerKey == 0 ? 0 : Math.clamp(Math.round(bitsPerKey * 0.6), 1, MAX_PROBES);
  }

  void add(MemorySegment key) {
    if (count == 0) {
      return;
    }
    long hash = hash(key);
    long line = line(hash);
    long bits = hash * PROBE_FACTOR;
    for (int i = 0; i < probes; i++) {
      long bit = bits >>> LINE_BIT_SHIFT;
      long at = line + (bit >>> 6) * Long.BYTES;
      lines.set(LONG, at, lines.get(LONG, at) | 1L << bit);
      bits *= PROBE_FACTOR;
    }
  }

  /** False only if the key was never added. */
  boolean mayContain(MemorySegment key) {
    return mayContain(hash(key));
  }

  /** As {@link #mayContain(MemorySegment)}, by the key's {@link #hash}. */
  boolean mayContain(long hash) {
    if (count == 0) {
      return true;
    }
    long line = line(hash);
    long bits = hash * PROBE_FACTOR;
    for (int i = 0; i < probes; i++) {
      long bit = bits >>> LINE_BIT_SHIFT;
      long word = lines.get(LONG, line + (bit >>> 6) * Long.BYTES);
      if ((word >>> bit & 1) == 0) {
        return false;
      }
      bits *= PROBE_FACTOR;
    }
    return true;
  }

  private long line(long hash) {
    return Math.unsignedMultiplyHigh(hash, count) * LINE_BYTES;
  }

  /** Eight bytes at a time: xor, 128-bit multiply, fold the halves. */
  static long hash(MemorySegment key) {
    long length = key.byteSize();
    long hash = (length + 1) * LENGTH_FACTOR;
    long at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      hash = fold(hash ^ key.get(LONG, at), WORD_FACTOR);
    }
    long tail = 0;
    for (int shift = 0; at < length; at++, shift += 8) {
      tail |= (key.get(ValueLayout.JAVA_BYTE, at) & 0xffL) << shift;
    }
    return fold(fold(hash ^ tail, WORD_FACTOR) ^ LENGTH_FACTOR, LENGTH_FACTOR);
  }

  private static long fold(long value, long factor) {
    return value * factor ^ Math.unsignedMultiplyHigh(value, factor);
  }
}
