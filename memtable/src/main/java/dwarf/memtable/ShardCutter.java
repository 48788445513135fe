package dwarf.memtable;

import java.util.Arrays;

/**
 * Cuts the kept records of a memtable into shards of equal bytes, between keys only.
 *
 * <p>Each cut is made at the key nearest to an equal share of what is left. So a key that is larger
 * than its share costs balance only where it is: the shards after it share what is left evenly, and
 * there are fewer shards, never empty ones, when there are fewer keys.
 */
final class ShardCutter {

  private static final int NONE = -1;

  private final KeptRecords kept;
  private final int wanted;
  private final int[] starts;
  private int shards = 1;
  private long shardStart;
  private int edge = NONE;
  private long edgeAt;

  private ShardCutter(KeptRecords kept, int wanted) {
    this.kept = kept;
    this.wanted = wanted;
    this.starts = new int[wanted];
  }

  /** The index of the first record of each shard; none if nothing is kept. */
  static int[] cut(KeptRecords kept, int wanted) {
    int first = kept.firstKept(0, kept.count());
    return first == kept.count() ? new int[0] : new ShardCutter(kept, wanted).run(first);
  }

  private int[] run(int first) {
    starts[0] = first;
    long at = 0;
    for (int i = first; i < kept.count(); i++) {
      if (i > first && kept.startsKey(i)) {
        offer(i, at);
      }
      at += kept.bytes(i);
    }
    if (cutsBefore(at)) {
      cutAtEdge();
    }
    return Arrays.copyOf(starts, shards);
  }

  /** Looks at the edge before record {@code i}, which has {@code at} bytes before it. */
  private void offer(int i, long at) {
    if (cutsBefore(at)) {
      cutAtEdge();
    }
    edge = i;
    edgeAt = at;
    if (shards < wanted && at >= target()) {
      cutAtEdge();
    }
  }

  /** Whether the last edge is nearer to the target than an edge at {@code at} beyond it. */
  private boolean cutsBefore(long at) {
    return shards < wanted && edge != NONE && at >= target() && target() - edgeAt < at - target();
  }

  private void cutAtEdge() {
    starts[shards++] = edge;
    shardStart = edgeAt;
    edge = NONE;
  }

  private long target() {
    return shardStart + (kept.totalBytes() - shardStart) / (wanted - shards + 1);
  }
}
