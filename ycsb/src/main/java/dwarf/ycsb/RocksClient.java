package dwarf.ycsb;

import dwarf.bench.flags.EngineKind;

/** The peer under YCSB: stock RocksDB with the same options. */
public final class RocksClient extends KeyValueClient {

  public RocksClient() {
    super(EngineKind.ROCKSDB);
  }
}
