package dwarf.storage;

/**
 * RocksDB's own numbers for "the SST tier falls behind". Ingestion passes all of RocksDB's write
 * stalls by, so whoever lets writers in must look at them.
 */
public record StallTriggers(
    int level0Compaction,
    int level0Slowdown,
    int level0Stop,
    long softPendingCompactionBytes,
    long hardPendingCompactionBytes) {}
