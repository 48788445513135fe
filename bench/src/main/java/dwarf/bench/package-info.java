/**
 * {@code dwarf bench}: RocksDB's db_bench for our engine and, as the peer, for stock RocksDB with
 * the same options on the same storage. {@link dwarf.bench.BenchSession} is the way in.
 */
package dwarf.bench;
