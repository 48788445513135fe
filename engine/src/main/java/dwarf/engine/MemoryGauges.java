package dwarf.engine;

import dwarf.engine.view.Views;

/** Where the data that is not in the SST tier lies, summed over the current view and snapshots. */
final class MemoryGauges {

  private MemoryGauges() {}

  static long dmMemtables(Views views) {
    return views.dmSources().size();
  }

  /** Local memory of the filters and block indexes of memtables in DM. */
  static long indexBytes(Views views) {
    return views.dmSources().stream()
        .flatMap(source -> source.shards().stream())
        .mapToLong(shard -> shard.index().memoryBytes())
        .sum();
  }
}
