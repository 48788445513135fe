package dwarf.bench;

import dwarf.base.DwarfException;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.DwarfEngine;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.flags.EngineKind;
import dwarf.bench.load.Database;
import dwarf.bench.rocks.RocksEngine;
import dwarf.bench.rocks.TierOptions;
import dwarf.engine.Options;
import java.util.LinkedHashMap;
import java.util.Map;

/** The database of a run: of either engine, in a directory that is ours to empty. */
final class BenchDatabase implements Database {

  private final BenchFlags flags;
  private final BenchDirectory directory;
  private final TierOptions tier;
  private BenchEngine engine;

  BenchDatabase(BenchFlags flags) {
    this.flags = flags;
    this.tier = flags.tier().options();
    this.directory = new BenchDirectory(flags.place().db());
    try {
      this.engine = flags.place().useExistingDb() ? open() : openEmpty();
    } catch (RuntimeException e) {
      tier.close();
      directory.close();
      throw e;
    }
  }

  private BenchEngine openEmpty() {
    directory.empty();
    BenchEngine opened = open();
    directory.mark();
    return opened;
  }

  private BenchEngine open() {
    boolean create = !flags.place().useExistingDb();
    if (flags.place().engine() == EngineKind.ROCKSDB) {
      return new RocksEngine(directory.path(), tier, create);
    }
    Options options =
        new Options()
            .setCreateIfMissing(create)
            .setWriteBufferSize(flags.tier().writeBufferSize())
            .setMaxWriteBufferNumber(flags.tier().maxWriteBufferNumber())
            .setMinWriteBufferNumberToMerge(flags.tier().minWriteBufferNumberToMerge())
            .setRocksOptions(tier.forDwarf());
    return new DwarfEngine(directory.path(), flags.place().apply(options));
  }

  @Override
  public BenchEngine engine() {
    return engine;
  }

  @Override
  public void recreate() {
    if (flags.place().useExistingDb()) {
      throw DwarfException.invalid("--use_existing_db keeps " + directory.path() + " as it is");
    }
    engine.close();
    engine = openEmpty();
  }

  @Override
  public Map<String, Long> statistics() {
    Map<String, Long> all = new LinkedHashMap<>(engine.statistics());
    all.putAll(tier.tickers());
    return all;
  }

  @Override
  public void close() {
    engine.close();
    tier.close();
    directory.close();
  }
}
