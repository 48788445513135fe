package dwarf.memtable;

import dwarf.base.DwarfException;

/**
 * How to seal one memtable.
 *
 * @param snapshots sequence numbers of the live snapshots, strictly ascending; the newest version
 *     at or below each is kept. Ownership of the array passes to the record
 * @param blockBytes what a block is filled up to; a longer record gets a block of its own
 * @param bloomBitsPerKey size of the filter; 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a list would box every number
public record SealSpec(
    ImageIdentity identity,
    long[] snapshots,
    ShardPolicy policy,
    int blockBytes,
    double bloomBitsPerKey) {

  public static final int DEFAULT_BLOCK_BYTES = 4096;
  public static final double DEFAULT_BLOOM_BITS = 10;

  static final int MIN_BLOCK_BYTES = 64;
  static final int MAX_BLOCK_BYTES = 1 << 20;
  static final double MAX_BLOOM_BITS = 32;

  public SealSpec {
    if (blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) {
      throw DwarfException.invalid(
          "blocks hold " + MIN_BLOCK_BYTES + " B to 1 MiB, not " + blockBytes + " B");
    }
    if (!(bloomBitsPerKey >= 0 && bloomBitsPerKey <= MAX_BLOOM_BITS)) {
      throw DwarfException.invalid(
          "a filter has 0 to " + MAX_BLOOM_BITS + " bits per key, not " + bloomBitsPerKey);
    }
    for (int i = 1; i < snapshots.length; i++) {
      if (snapshots[i] <= snapshots[i - 1]) {
        throw DwarfException.invalid(
            "snapshots must be strictly ascending, entry " + i + " is not");
      }
    }
  }

  /** With the usual block size and filter. */
  public static SealSpec of(ImageIdentity identity, long[] snapshots, ShardPolicy policy) {
    return new SealSpec(identity, snapshots, policy, DEFAULT_BLOCK_BYTES, DEFAULT_BLOOM_BITS);
  }
}
