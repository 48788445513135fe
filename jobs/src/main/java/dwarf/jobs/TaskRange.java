package dwarf.jobs;

import java.util.Arrays;

/**
 * The key range of one flush task.
 *
 * @param start first key, null for no bound; not to be modified
 * @param end first key behind the range, null for no bound; not to be modified
 * @param estimatedBytes about what the sources hold in the range
 */
@SuppressWarnings("ArrayRecordComponent")
public record TaskRange(byte[] start, byte[] end, long estimatedBytes) {

  /** Whether a shard has keys in the range. */
  public boolean touches(ShardRange shard) {
    return (end == null || Arrays.compareUnsigned(shard.smallest(), end) < 0)
        && (start == null || Arrays.compareUnsigned(shard.largest(), start) >= 0);
  }
}
