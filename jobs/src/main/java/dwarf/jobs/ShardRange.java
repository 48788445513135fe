package dwarf.jobs;

/**
 * One shard of a memtable, as far as cutting a job needs it.
 *
 * @param smallest first key, not to be modified
 * @param largest last key, not to be modified
 */
@SuppressWarnings("ArrayRecordComponent")
public record ShardRange(byte[] smallest, byte[] largest, long bytes) {}
