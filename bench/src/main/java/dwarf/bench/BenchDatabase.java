package dwarf.bench;

import dwarf.base.DwarfException;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.load.Database;
import dwarf.bench.rocks.TierOptions;
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
    return Engines.open(flags, tier, directory.path(), !flags.place().useExistingDb());
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
    tier.resetTickers();
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
