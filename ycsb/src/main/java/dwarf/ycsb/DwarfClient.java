package dwarf.ycsb;

import dwarf.bench.flags.EngineKind;

/** DwaRF-LSM under YCSB. */
public final class DwarfClient extends KeyValueClient {

  public DwarfClient() {
    super(EngineKind.DWARF);
  }
}
