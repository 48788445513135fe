/**
 * The SST tier: one RocksDB database, kept by stock RocksDB in its own directory layout, and the
 * files that enter it. This is the only package that knows {@code org.rocksdb}; everything above it
 * speaks of families, snapshots, cursors, files and flush markers.
 *
 * <p>Nothing is written through RocksDB's memtable or WAL. Data comes in as finished SST files, one
 * {@link dwarf.storage.SstStore#ingest} call per install, with the {@link
 * dwarf.storage.FlushMarker} of that install in the last file. A plain RocksDB can open the
 * directory at any time this process does not.
 */
package dwarf.storage;
