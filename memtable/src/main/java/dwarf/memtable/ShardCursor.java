package dwarf.memtable;

import dwarf.base.Invariants;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/** A walk over one image that holds one verified block at a time. */
final class ShardCursor implements VersionedCursor {

  private static final int OUTSIDE = -1;

  /** A source threw: the cursor must be positioned anew, lest it look shorter than the image. */
  private static final int UNPOSITIONED = -2;

  private static final long ABOVE_ALL_VERSIONS = Long.MAX_VALUE;
  private static final long BELOW_ALL_VERSIONS = -1;

  private final ShardReader reader;
  private final ShardIndex index;
  private final Block block;
  private int number = OUTSIDE;

  ShardCursor(ShardReader reader) {
    this.reader = reader;
    this.index = reader.index();
    this.block = index.newBlock();
  }

  @Override
  public boolean isValid() {
    Invariants.check(number != UNPOSITIONED, "a cursor that threw is positioned before use");
    return number >= 0;
  }

  @Override
  public void seekToFirst() {
    load(0);
  }

  @Override
  public void seekToLast() {
    loadBackward(index.blocks() - 1);
  }

  @Override
  public void seek(MemorySegment target) {
    seekVersion(target, ABOVE_ALL_VERSIONS);
  }

  @Override
  public void seekVersion(MemorySegment key, long sequence) {
    int found = index.blockFor(key, sequence);
    load(found);
    if (number >= 0 && !block.seek(key, sequence)) {
      load(found + 1);
    }
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    int found = index.blockFor(target, BELOW_ALL_VERSIONS);
    if (found == index.blocks()) {
      seekToLast();
      return;
    }
    load(found);
    if (!block.seek(target, BELOW_ALL_VERSIONS)) {
      block.moveTo(block.count() - 1);
    } else if (block.at() > 0) {
      block.moveTo(block.at() - 1);
    } else {
      loadBackward(found - 1);
    }
  }

  @Override
  public void next() {
    requireValid();
    if (block.at() + 1 < block.count()) {
      block.moveTo(block.at() + 1);
    } else {
      load(number + 1);
    }
  }

  @Override
  public void prev() {
    requireValid();
    if (block.at() > 0) {
      block.moveTo(block.at() - 1);
    } else {
      loadBackward(number - 1);
    }
  }

  @Override
  public MemorySegment key() {
    requireValid();
    return block.key();
  }

  @Override
  public long sequence() {
    requireValid();
    return block.sequence();
  }

  @Override
  public RecordType type() {
    requireValid();
    return block.type();
  }

  @Override
  public MemorySegment value() {
    requireValid();
    return block.value();
  }

  @Override
  public void close() {
    number = OUTSIDE;
  }

  private void requireValid() {
    Invariants.check(number >= 0, "a cursor is read and moved only while it is valid (C2)");
  }

  /** Onto the first record of a block; outside if there is no such block. */
  private void load(int wanted) {
    if (wanted < 0 || wanted >= index.blocks()) {
      number = OUTSIDE;
      return;
    }
    if (wanted == number) {
      block.moveTo(0);
      return;
    }
    number = UNPOSITIONED;
    reader.read(wanted, block);
    number = wanted;
  }

  private void loadBackward(int wanted) {
    load(wanted);
    if (number >= 0) {
      block.moveTo(block.count() - 1);
    }
  }
}
