package dwarf.engine.flush;

import dwarf.base.Cursor;
import dwarf.base.Keys;
import dwarf.base.RecordType;
import dwarf.engine.view.DmShard;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

/**
 * All shards of one memtable as one walk: shards are in key order and do not overlap, so at most
 * one is open (and its image fetched) at a time, when the walk reaches it.
 */
final class FetchedShards implements Cursor {

  private final List<DmShard> shards;
  private final Function<DmShard, Cursor> opener;
  private int at = -1;
  private Cursor open;

  FetchedShards(List<DmShard> shards, Function<DmShard, Cursor> opener) {
    this.shards = shards;
    this.opener = opener;
  }

  @Override
  public boolean isValid() {
    return open != null && open.isValid();
  }

  @Override
  public void seekToFirst() {
    if (enter(0)) {
      open.seekToFirst();
    }
  }

  @Override
  public void seekToLast() {
    if (enter(shards.size() - 1)) {
      open.seekToLast();
    }
  }

  @Override
  public void seek(MemorySegment target) {
    int shard = 0;
    while (shard < shards.size()
        && Keys.compare(shards.get(shard).index().largestKey(), target) < 0) {
      shard++;
    }
    if (enter(shard)) {
      open.seek(target);
    }
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    int shard = shards.size() - 1;
    while (shard >= 0 && Keys.compare(shards.get(shard).index().smallestKey(), target) > 0) {
      shard--;
    }
    if (enter(shard)) {
      open.seekForPrev(target);
    }
  }

  @Override
  public void next() {
    open.next();
    if (!open.isValid() && enter(at + 1)) {
      open.seekToFirst();
    }
  }

  @Override
  public void prev() {
    open.prev();
    if (!open.isValid() && enter(at - 1)) {
      open.seekToLast();
    }
  }

  @Override
  public MemorySegment key() {
    return open.key();
  }

  @Override
  public long sequence() {
    return open.sequence();
  }

  @Override
  public RecordType type() {
    return open.type();
  }

  @Override
  public MemorySegment value() {
    return open.value();
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
    at = -1;
  }

  /** Opens that shard; false, and the walk is over, if there is none. */
  private boolean enter(int shard) {
    if (shard == at && open != null) {
      return true;
    }
    close();
    if (shard < 0 || shard >= shards.size()) {
      return false;
    }
    open = opener.apply(shards.get(shard));
    at = shard;
    return true;
  }
}
