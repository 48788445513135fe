/**
 * Lets the stock YCSB client ({@code site.ycsb.Client}) drive a database in its own process: {@code
 * -db dwarf.ycsb.DwarfClient} for ours, {@code -db dwarf.ycsb.RocksClient} for stock RocksDB with
 * the same options. {@code ./dwarf ycsb} does that.
 */
package dwarf.ycsb;
