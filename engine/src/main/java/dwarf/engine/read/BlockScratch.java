package dwarf.engine.read;

import dwarf.memtable.BlockSource;
import java.lang.foreign.MemorySegment;

/**
 * Where one thread reads blocks for its point lookups. A new array for each block would be cleared,
 * and would push as much out of the caches, before the block is copied over it.
 *
 * <p>B1. What a source returns is valid until the thread's next lookup, in whichever database. B2.
 * An array is used again only after a read into it has succeeded, since a failed one may still be
 * under way. B3. At most {@value #MOST_KEPT} bytes are kept; longer blocks, of large values, get an
 * array of their own. B4. Nothing here refers to a database, so a thread that lives on keeps none
 * that was closed. B5. What an array still holds of an earlier block is spoiled before a read, so
 * that it fails its CRC: a fabric that reported success without having written anything would
 * otherwise have the reader take that block for the one it asked for.
 */
final class BlockScratch {

  private static final int MOST_KEPT = 16 << 10;
  private static final ThreadLocal<BlockScratch> OF_THREADS =
      ThreadLocal.withInitial(BlockScratch::new);

  /** Null before the first read and while one is under way, or has failed. */
  private byte[] kept;

  private int reads;

  /** Reads a part of an image into the target. */
  @FunctionalInterface
  interface Filler {
    void read(long offset, MemorySegment target);
  }

  static BlockScratch ofThisThread() {
    return OF_THREADS.get();
  }

  BlockSource over(Filler image, ReadCostModel costs) {
    return (offset, length) -> {
      boolean large = length > MOST_KEPT;
      byte[] array = large ? new byte[length] : take();
      array[length - 1] ^= 1; // of the CRC
      MemorySegment block = MemorySegment.ofArray(array).asSlice(0, length);
      if (costs.wantsBlockRead(reads++)) {
        long start = System.nanoTime();
        image.read(offset, block);
        costs.measured(ReadCostModel.Route.ONE_SIDED, System.nanoTime() - start);
      } else {
        image.read(offset, block);
      }
      if (!large) {
        kept = array;
      }
      return block;
    };
  }

  /** Nobody else has it until it is kept again (B2). */
  private byte[] take() {
    byte[] array = kept == null ? new byte[MOST_KEPT] : kept;
    kept = null;
    return array;
  }
}
