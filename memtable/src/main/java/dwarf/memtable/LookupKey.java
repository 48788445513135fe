package dwarf.memtable;

import java.lang.foreign.MemorySegment;

/**
 * A key that is looked for in many sealed memtables: what each of them asks about it is computed
 * once. Immutable as long as the key's bytes are.
 */
public final class LookupKey {

  private final MemorySegment bytes;
  private final long prefix;
  private final long filterHash;

  private LookupKey(MemorySegment bytes) {
    this.bytes = bytes;
    this.prefix = KeyBytes.prefix(bytes);
    this.filterHash = BloomFilter.hash(bytes);
  }

  /** Of a key whose bytes do not change meanwhile; not copied. */
  public static LookupKey of(MemorySegment bytes) {
    return new LookupKey(bytes);
  }

  public MemorySegment bytes() {
    return bytes;
  }

  /** See {@link KeyBytes#prefix}. */
  long prefix() {
    return prefix;
  }

  long filterHash() {
    return filterHash;
  }
}
