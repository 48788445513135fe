package dwarf.engine;

import dwarf.storage.FamilyOptions;

/** Names a column family and the RocksDB options of its SST tier. */
public record ColumnFamilyDescriptor(byte[] name, FamilyOptions options) {

  public ColumnFamilyDescriptor(byte[] name) {
    this(name, FamilyOptions.defaults());
  }
}
