package dwarf.engine.read;

import dwarf.base.Lookup;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.PinnedView;
import dwarf.engine.view.Views;
import dwarf.storage.SstStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks many keys up as of one moment: local memtables first, then the SST tier in one call for all
 * keys that no memtable can hold. Keys with candidates in disaggregated memory go through the point
 * reader, which knows how to wait for a memtable.
 */
public final class MultiReader {

  private final Views views;
  private final SstStore store;
  private final PointReader points;
  private final Statistics statistics;

  public MultiReader(Views views, SstStore store, PointReader points, Statistics statistics) {
    this.views = views;
    this.store = store;
    this.points = points;
    this.statistics = statistics;
  }

  /**
   * The values in the order of the keys, null where there is none.
   *
   * @param snapshot registered, so that it follows memtables that move during the call
   */
  public List<byte[]> get(int family, List<byte[]> keys, PinnedView snapshot) {
    PinnedView pinned = views.pinFor(snapshot);
    try {
      return get(family, keys, pinned, snapshot);
    } finally {
      views.unpin(pinned);
    }
  }

  private List<byte[]> get(int family, List<byte[]> keys, PinnedView pinned, PinnedView snapshot) {
    byte[][] values = new byte[keys.size()][];
    List<Integer> inTier = new ArrayList<>();
    List<MemtableSource> sources = pinned.view().family(family).newestFirst();
    for (int i = 0; i < values.length; i++) {
      Lookup found = new Lookup();
      switch (search(sources, keys.get(i), pinned.sequence(), found)) {
        case ANSWERED -> values[i] = valueOf(found);
        case MAYBE_REMOTE -> values[i] = points.get(family, keys.get(i), snapshot);
        case NOT_IN_MEMTABLES -> inTier.add(i);
      }
    }
    if (!inTier.isEmpty()) {
      statistics.add(Counter.READS_TIER, inTier.size());
      List<byte[]> found =
          store.multiGet(
              family,
              inTier.stream().map(keys::get).toList(),
              pinned.view().family(family).tier().snapshot());
      for (int i = 0; i < found.size(); i++) {
        values[inTier.get(i)] = found.get(i);
      }
    }
    return Arrays.asList(values);
  }

  private enum Outcome {
    ANSWERED,
    MAYBE_REMOTE,
    NOT_IN_MEMTABLES
  }

  private Outcome search(
      List<MemtableSource> newestFirst, byte[] key, long sequence, Lookup found) {
    MemorySegment target = MemorySegment.ofArray(key);
    for (MemtableSource source : newestFirst) {
      switch (source) {
        case LogSource log -> {
          if (log.table().get(target, sequence, found)) {
            statistics.increment(Counter.READS_MEMTABLE);
            return Outcome.ANSWERED;
          }
        }
        case DmSource dm -> {
          if (dm.shardFor(target) != null && dm.shardFor(target).index().mayContain(target)) {
            return Outcome.MAYBE_REMOTE;
          }
        }
      }
    }
    return Outcome.NOT_IN_MEMTABLES;
  }

  private static byte[] valueOf(Lookup found) {
    return found.state() == Lookup.State.DELETED
        ? null
        : found.value().toArray(ValueLayout.JAVA_BYTE);
  }
}
