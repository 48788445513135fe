package dwarf.engine;

import dwarf.memtable.ShardPolicy;
import dwarf.memtable.SlabPool;

/** The sizes of a database's parts that follow from its options. */
record Sizes(Options options) {

  private static final long MIN_WAL_SEGMENT = 1L << 20;
  private static final long MAX_WAL_SEGMENT = 64L << 20;
  private static final int SLABS_PER_BUFFER = 16;
  private static final int MAX_SLAB_BYTES = 2 << 20;
  private static final int MIN_SLAB_BYTES = 16 << 10;
  private static final int EMBEDDED_POOL_BUFFERS = 4;
  private static final int SNAPSHOT_SHARE = 2;
  private static final long MIN_SHARD_BYTES = 256 << 10;
  private static final long DEFAULT_MAX_TOTAL_WAL = 4L << 30;

  /** All local memtables together. */
  long memtableBytes() {
    return options.writeBufferSize() * options.maxWriteBufferNumber();
  }

  SlabPool newMemtablePool() {
    return new SlabPool(memtableBytes(), slabBytes());
  }

  /** Two memtables, whatever is lost by rounding to slabs. */
  SlabPool newRebuildPool() {
    return new SlabPool(2 * (options.writeBufferSize() + slabBytes()), slabBytes());
  }

  private int slabBytes() {
    long slab = options.writeBufferSize() / SLABS_PER_BUFFER;
    return (int) Long.highestOneBit(Math.clamp(slab, (long) MIN_SLAB_BYTES, (long) MAX_SLAB_BYTES));
  }

  /** Memtables kept for snapshots alone. */
  long snapshotBytes() {
    return memtableBytes() / SNAPSHOT_SHARE;
  }

  /** A segment for each memtable or so, since a segment goes when its memtables are flushed. */
  long walSegmentBytes() {
    return Math.clamp(options.writeBufferSize(), MIN_WAL_SEGMENT, MAX_WAL_SEGMENT);
  }

  long maxTotalWalBytes() {
    return options.maxTotalWalSize() > 0 ? options.maxTotalWalSize() : DEFAULT_MAX_TOTAL_WAL;
  }

  /** The pool of an embedded memory node, or the quota to ask an external one for; 0 for none. */
  long disaggregatedBytes() {
    boolean embedded = options.memoryNode() == null;
    return embedded && options.poolSize() < 0
        ? EMBEDDED_POOL_BUFFERS * options.writeBufferSize()
        : Math.max(0, options.poolSize());
  }

  ShardPolicy shards() {
    return new ShardPolicy(
        options.maxShards(),
        Math.max(MIN_SHARD_BYTES, options.writeBufferSize() / options.maxShards()));
  }
}
