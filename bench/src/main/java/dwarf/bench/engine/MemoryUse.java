package dwarf.bench.engine;

/**
 * Memory by place, in bytes.
 *
 * @param memtables in the process of the engine, with what only they need
 * @param dm memtables in disaggregated memory
 * @param blockCache blocks of SST files
 */
public record MemoryUse(long memtables, long dm, long blockCache) {}
