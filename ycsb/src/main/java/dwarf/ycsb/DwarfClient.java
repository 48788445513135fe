package dwarf.ycsb;

import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.DwarfEngine;
import dwarf.bench.rocks.TierOptions;
import dwarf.engine.Options;
import java.nio.file.Path;

/** DwaRF-LSM under YCSB. */
public final class DwarfClient extends KeyValueClient {

  @Override
  BenchEngine open(EngineProperties properties, TierOptions tier) {
    String root = properties.text("storage_root");
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setRocksOptions(tier.forDwarf())
            .setWriteBufferSize(properties.writeBufferSize())
            .setMaxWriteBufferNumber(properties.maxWriteBufferNumber())
            .setMemoryNode(properties.text("memory_node"))
            .setStorageRoot(root == null ? null : Path.of(root));
    long pool = properties.bytes("pool_size", -1);
    return new DwarfEngine(properties.directory(), pool < 0 ? options : options.setPoolSize(pool));
  }
}
