package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Lookup;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Reads one image through its index, wherever its blocks are. A point read costs one block; every
 * block is verified by its CRC, salted with the image's random id, so that memory which was freed
 * and used again is CORRUPTION, never a record.
 *
 * <p>As thread-safe as its source. Values found are valid as long as what the source returned.
 */
public final class ShardReader {

  private final ShardIndex index;
  private final BlockSource source;

  public ShardReader(ShardIndex index, BlockSource source) {
    this.index = index;
    this.source = source;
  }

  /** A source over an image in local memory; any number of threads may share it. */
  public static BlockSource over(MemorySegment image) {
    return (offset, length) -> {
      if (offset < 0 || length < 0 || offset > image.byteSize() - length) {
        throw DwarfException.corruption(
            String.format(
                "read of %d bytes at %d of an image of %d", length, offset, image.byteSize()));
      }
      return image.asSlice(offset, length);
    };
  }

  public ShardIndex index() {
    return index;
  }

  /**
   * The newest version of {@code key} at or below {@code sequence}.
   *
   * @return whether the answer in {@code out} is final (found or deleted)
   */
  public boolean get(LookupKey sought, long sequence, Lookup out) {
    out.reset();
    if (sequence < index.smallestSequence() || !index.mayContain(sought)) {
      return false;
    }
    MemorySegment key = sought.bytes();
    int number = index.blockFor(key, sequence);
    if (number == index.blocks()) {
      return false;
    }
    Block block = index.newBlock();
    read(number, block);
    if (block.seek(key, sequence) && block.isOn(key)) {
      out.set(block.type(), block.sequence(), block.value());
    }
    return out.isFinal();
  }

  /** All versions, in internal order. Closing it does not touch the source. */
  public VersionedCursor cursor() {
    return new ShardCursor(this);
  }

  /**
   * All versions in all of some shards whose key ranges ascend without overlap, as one memtable's
   * do, in internal order. A seek reads one block of one shard.
   */
  public static VersionedCursor cursorOver(List<ShardReader> ascending) {
    return new ShardChainCursor(ascending);
  }

  void read(int number, Block block) {
    long offset = index.offset(number);
    int length = index.blockLength(number);
    MemorySegment bytes = source.read(offset, length);
    if (bytes.byteSize() != length) {
      throw ImageFormat.damaged(
          index.imageId(),
          String.format("%d bytes at %d came back as %d", length, offset, bytes.byteSize()));
    }
    block.set(bytes, offset);
  }
}
