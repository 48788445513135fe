package dwarf.engine.view;

import dwarf.memtable.LookupKey;
import dwarf.protocol.ShardHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A sealed memtable whose shards lie in disaggregated memory. What stays local is each shard's
 * filter and block index. Immutable but for {@link #isLost()}: once the memory node is known to
 * have lost the shards, no read may use this source, and the WAL rebuilds it.
 */
public final class DmSource extends MemtableSource {

  /** Gives the disaggregated memory back; must not block. */
  public interface Reclaimer {
    void free(List<ShardHandle> shards);
  }

  /** What a sealed memtable covers and whether the WAL holds all of it. */
  public record SealedRange(MemtableId id, long lastSequence, boolean unlogged) {}

  private final List<DmShard> shards;
  private final SealedRange range;
  private final Reclaimer reclaimer;
  private volatile boolean lost;

  /**
   * @param shards in key order; empty if the memtable held no record that anybody can see
   */
  public DmSource(SealedRange range, List<DmShard> shards, Reclaimer reclaimer) {
    super(range.id());
    this.range = range;
    this.shards = List.copyOf(shards);
    this.reclaimer = reclaimer;
  }

  public List<DmShard> shards() {
    return shards;
  }

  /** The shard whose key range holds the key, or null: shards do not overlap. */
  public DmShard shardFor(LookupKey key) {
    int low = 0;
    int high = shards.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      DmShard shard = shards.get(middle);
      int place = shard.index().compareRange(key);
      if (place == 0) {
        return shard;
      }
      if (place < 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }

  public boolean isLost() {
    return lost;
  }

  public void markLost() {
    lost = true;
  }

  public long imageBytes() {
    return shards.stream().mapToLong(shard -> shard.index().imageBytes()).sum();
  }

  @Override
  public long lastSequence() {
    return range.lastSequence();
  }

  @Override
  public long dataBytes() {
    return imageBytes();
  }

  @Override
  public boolean hasUnloggedRecords() {
    return range.unlogged();
  }

  @Override
  void releaseMemory() {
    List<ShardHandle> handles = new ArrayList<>();
    for (DmShard shard : shards) {
      shard.dropLocalCopy();
      handles.add(shard.remote().handle());
    }
    if (!handles.isEmpty()) {
      reclaimer.free(handles);
    }
  }
}
