package dwarf.bench;

import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.DwarfEngine;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.flags.EngineKind;
import dwarf.bench.rocks.RocksEngine;
import dwarf.bench.rocks.TierOptions;
import dwarf.engine.Options;
import java.nio.file.Path;

/**
 * Opens databases of either engine as the flags say: the one place that turns flags into options.
 */
public final class Engines {

  private Engines() {}

  /**
   * Opens the database in that directory.
   *
   * @param tier RocksDB's options by the same flags; they stay the caller's
   * @param create whether to make it if there is none
   */
  public static BenchEngine open(
      BenchFlags flags, TierOptions tier, Path directory, boolean create) {
    if (flags.place().engine() == EngineKind.ROCKSDB) {
      return new RocksEngine(directory, tier, create);
    }
    Options options = new Options().setCreateIfMissing(create).setRocksOptions(tier.forDwarf());
    return new DwarfEngine(directory, flags.place().apply(flags.tier().apply(options)));
  }
}
