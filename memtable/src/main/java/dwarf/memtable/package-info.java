/**
 * The memory tier of one column family: the active memtable (record log and hash index, off heap),
 * and the immutable, self-describing shard images that a full memtable is cut into, with their
 * indexes, readers and cursors. Nothing here does I/O or starts a thread; where bytes live (local
 * memory, another node's memory) is the caller's affair.
 */
package dwarf.memtable;
