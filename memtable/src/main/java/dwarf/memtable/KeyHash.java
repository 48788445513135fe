package dwarf.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/**
 * A 32-bit hash of user keys: 128-bit multiply and fold per eight bytes. Seeded per process, so
 * that nobody can prepare keys that collide.
 */
final class KeyHash {

  private static final long SEED = new SecureRandom().nextLong();
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private KeyHash() {}

  static int of(MemorySegment key) {
    long length = key.byteSize();
    long state = SEED ^ length;
    long at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      state = mix(state ^ key.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
    }
    if (at < length) {
      long rest = 0;
      for (; at < length; at++) {
        rest = rest << 8 | (key.get(ValueLayout.JAVA_BYTE, at) & 0xff);
      }
      state = mix(state ^ rest);
    }
    long hash = mix(state);
    return (int) (hash ^ hash >>> 32);
  }

  private static long mix(long state) {
    return Math.unsignedMultiplyHigh(state, MULTIPLIER) ^ state * MULTIPLIER;
  }
}
