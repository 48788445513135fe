/**
 * The peer: stock RocksDB through its own Java API, and the RocksDB options that both engines get.
 * Besides {@code dwarf.storage} the only package that knows {@code org.rocksdb}.
 */
package dwarf.bench.rocks;
