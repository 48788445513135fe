package dwarf.engine.read;

import dwarf.engine.dm.DmNode;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmShard;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings hot shards home: when the reads of a shard have cost more than copying it whole would, and
 * the budget has room, its image is read once and kept, and later lookups of it are local.
 *
 * <p>Heap copies, at most {@code budgetBytes} together, the oldest dropped first; one fetch at a
 * time. A budget of 0 switches it off.
 */
public final class FetchBack {

  /** Copying is streaming: cheaper per byte than single block reads by about this factor. */
  private static final int STREAM_GAIN = 4;

  private static final int BLOCK_BYTES = 4096;

  private final DmNode node;
  private final Executor executor;
  private final Statistics statistics;
  private final long budgetBytes;
  private final AtomicBoolean fetching = new AtomicBoolean();
  private final Deque<DmShard> kept = new ArrayDeque<>();
  private long keptBytes;

  public FetchBack(DmNode node, Executor executor, Statistics statistics, long budgetBytes) {
    this.node = node;
    this.executor = executor;
    this.statistics = statistics;
    this.budgetBytes = budgetBytes;
  }

  void onRemoteRead(DmShard shard, ReadCostModel costs) {
    if (budgetBytes == 0) {
      return;
    }
    long reads = shard.countRead();
    long bytes = shard.index().imageBytes();
    if (bytes > budgetBytes || reads * BLOCK_BYTES * STREAM_GAIN < bytes) {
      return;
    }
    if (costs.oneSidedNanos() > 0 && fetching.compareAndSet(false, true)) {
      executor.execute(() -> fetch(shard));
    }
  }

  private void fetch(DmShard shard) {
    try {
      if (shard.localCopy() == null) {
        MemorySegment image = node.readImage(shard.remote());
        keep(shard, image);
        statistics.increment(Counter.FETCH_BACKS);
      }
    } finally {
      fetching.set(false);
    }
  }

  private synchronized void keep(DmShard shard, MemorySegment image) {
    while (!kept.isEmpty() && keptBytes + image.byteSize() > budgetBytes) {
      DmShard oldest = kept.removeFirst();
      keptBytes -= oldest.index().imageBytes();
      oldest.dropLocalCopy();
    }
    shard.keepLocalCopy(image);
    kept.addLast(shard);
    keptBytes += image.byteSize();
  }

  public synchronized long bytes() {
    return keptBytes;
  }
}
