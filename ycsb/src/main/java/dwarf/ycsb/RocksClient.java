package dwarf.ycsb;

import dwarf.bench.engine.BenchEngine;
import dwarf.bench.rocks.RocksEngine;
import dwarf.bench.rocks.TierOptions;

/** The peer under YCSB: stock RocksDB with the same options. */
public final class RocksClient extends KeyValueClient {

  @Override
  BenchEngine open(EngineProperties properties, TierOptions tier) {
    return new RocksEngine(properties.directory(), tier, true);
  }
}
