package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One walk over shards whose key ranges ascend without overlap, which is how one memtable is cut. A
 * seek touches one shard (one block), where a {@link MergingCursor} over the same shards would read
 * a block of each.
 */
final class ShardChainCursor implements VersionedCursor {

  private static final int OUTSIDE = -1;

  /** A source threw: the cursor must be positioned anew, lest it look shorter than the data. */
  private static final int UNPOSITIONED = -2;

  private final ShardReader[] shards;
  private final VersionedCursor[] cursors;
  private int current = OUTSIDE;

  ShardChainCursor(List<ShardReader> ascending) {
    shards = ascending.toArray(new ShardReader[0]);
    cursors = new VersionedCursor[shards.length];
    for (int i = 1; i < shards.length; i++) {
      if (Keys.compare(largest(i - 1), smallest(i)) >= 0) {
        throw DwarfException.invalid(
            "shards of one walk must ascend without overlap: '"
                + Keys.show(smallest(i))
                + "' follows '"
                + Keys.show(largest(i - 1))
                + "'");
      }
    }
  }

  @Override
  public boolean isValid() {
    Invariants.check(current != UNPOSITIONED, "a cursor that threw is positioned before use");
    return current >= 0;
  }

  @Override
  public void seekToFirst() {
    enterForward(0);
  }

  @Override
  public void seekToLast() {
    enterBackward(shards.length - 1);
  }

  @Override
  public void seek(MemorySegment target) {
    int shard = firstReaching(target);
    current = UNPOSITIONED;
    if (shard < shards.length) {
      cursor(shard).seek(target);
    }
    settle(shard);
  }

  @Override
  public void seekVersion(MemorySegment key, long sequence) {
    int shard = firstReaching(key);
    current = UNPOSITIONED;
    if (shard < shards.length) {
      cursor(shard).seekVersion(key, sequence);
      if (!cursor(shard).isValid()) {
        enterForward(shard + 1);
        return;
      }
    }
    settle(shard);
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    int shard = firstReaching(target);
    if (shard == shards.length || Keys.compare(smallest(shard), target) > 0) {
      enterBackward(shard - 1);
      return;
    }
    current = UNPOSITIONED;
    cursor(shard).seekForPrev(target);
    settle(shard);
  }

  @Override
  public void next() {
    int shard = valid();
    current = UNPOSITIONED;
    cursor(shard).next();
    if (cursor(shard).isValid()) {
      current = shard;
    } else {
      enterForward(shard + 1);
    }
  }

  @Override
  public void prev() {
    int shard = valid();
    current = UNPOSITIONED;
    cursor(shard).prev();
    if (cursor(shard).isValid()) {
      current = shard;
    } else {
      enterBackward(shard - 1);
    }
  }

  @Override
  public MemorySegment key() {
    return cursor(valid()).key();
  }

  @Override
  public long sequence() {
    return cursor(valid()).sequence();
  }

  @Override
  public RecordType type() {
    return cursor(valid()).type();
  }

  @Override
  public MemorySegment value() {
    return cursor(valid()).value();
  }

  @Override
  public void close() {
    current = OUTSIDE;
  }

  private int valid() {
    Invariants.check(current >= 0, "a cursor is read and moved only while it is valid (C2)");
    return current;
  }

  private void enterForward(int shard) {
    current = UNPOSITIONED;
    if (shard < shards.length) {
      cursor(shard).seekToFirst();
    }
    settle(shard);
  }

  private void enterBackward(int shard) {
    current = UNPOSITIONED;
    if (shard >= 0) {
      cursor(shard).seekToLast();
    }
    settle(shard);
  }

  private void settle(int shard) {
    current = shard >= 0 && shard < shards.length ? shard : OUTSIDE;
  }

  /** The first shard whose largest key is at or after {@code target}. */
  private int firstReaching(MemorySegment target) {
    int shard = 0;
    while (shard < shards.length && Keys.compare(largest(shard), target) < 0) {
      shard++;
    }
    return shard;
  }

  private MemorySegment smallest(int shard) {
    return shards[shard].index().smallestKey();
  }

  private MemorySegment largest(int shard) {
    return shards[shard].index().largestKey();
  }

  private VersionedCursor cursor(int shard) {
    if (cursors[shard] == null) {
      cursors[shard] = shards[shard].cursor();
    }
    return cursors[shard];
  }
}
