package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Limits;

/** How many key-range shards a memtable is cut into: as many as targets fit, within bounds. */
public record ShardPolicy(int maxShards, long targetShardBytes) {

  public ShardPolicy {
    if (maxShards < 1 || maxShards > Limits.MAX_SHARDS || targetShardBytes < 1) {
      throw DwarfException.invalid(
          "a memtable has 1 to "
              + Limits.MAX_SHARDS
              + " shards of at least 1 byte, not up to "
              + maxShards
              + " of "
              + targetShardBytes);
    }
  }

  /** The shards to aim for; fewer come out if there are fewer keys. */
  int shardsFor(long bytes) {
    long wanted = Math.ceilDiv(bytes, targetShardBytes);
    return (int) Math.clamp(wanted, 1L, (long) maxShards);
  }
}
