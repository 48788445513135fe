/**
 * The memory node: a bounded pool of memory lent to databases, the registry of the memtable shards
 * in it, reads done on behalf of engines, and the board where flush tasks meet workers. Reading
 * order: {@code MemoryNode} (wiring), {@code ShardRegistry} and {@code DatabaseShards} (who owns
 * what), {@code DmPool} (the memory), {@code DelegatedReads}, {@code TaskBoard}.
 */
package dwarf.node.memory;
