package dwarf.engine.read;

import dwarf.memtable.BlockSource;
import dwarf.protocol.RemoteShard;
import java.lang.foreign.MemorySegment;

/**
 * Where one thread reads blocks for its point lookups. A new array for each block would be cleared,
 * and would push as much out of the caches, before the block is copied over it.
 *
 * <p>B1. What a source returns is valid until the thread's next lookup. B2. An array is used again
 * only after a read into it has succeeded, since a failed one may still be under way. B3. At most
 * {@value #MOST_KEPT} bytes are kept; longer blocks, of large values, get an array of their own.
 */
final class BlockScratch {

  private static final int MOST_KEPT = 16 << 10;

  private final Filler filler;
  private final ReadCostModel costs;
  private byte[] kept = new byte[0];
  private int reads;

  /** Reads a part of a shard's image into the target. */
  interface Filler {
    void read(RemoteShard shard, long offset, MemorySegment target);
  }

  BlockScratch(Filler filler, ReadCostModel costs) {
    this.filler = filler;
    this.costs = costs;
  }

  BlockSource over(RemoteShard shard) {
    return (offset, length) -> read(shard, offset, length);
  }

  private MemorySegment read(RemoteShard shard, long offset, int length) {
    byte[] array = kept.length >= length ? kept : new byte[Math.max(length, MOST_KEPT)];
    kept = new byte[0];
    MemorySegment block = MemorySegment.ofArray(array).asSlice(0, length);
    if (costs.wantsBlockRead(reads++)) {
      long start = System.nanoTime();
      filler.read(shard, offset, block);
      costs.measured(ReadCostModel.Route.ONE_SIDED, System.nanoTime() - start);
    } else {
      filler.read(shard, offset, block);
    }
    if (array.length <= MOST_KEPT) {
      kept = array;
    }
    return block;
  }
}
