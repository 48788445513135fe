package dwarf.engine.read;

import dwarf.base.Lookup;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.PinnedView;
import dwarf.engine.view.Views;
import dwarf.memtable.LookupKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks many keys up as of one moment: local memtables first, then for all keys together those in
 * disaggregated memory, then the SST tier. A key whose outcome stays unknown goes through the point
 * reader, which knows how to wait for a memtable.
 */
public final class MultiReader {

  private final Views views;
  private final PointReader points;
  private final DmBatchReader dm;
  private final Statistics statistics;

  /**
   * @param dm null if there is no disaggregated memory
   */
  public MultiReader(Views views, PointReader points, DmBatchReader dm, Statistics statistics) {
    this.views = views;
    this.points = points;
    this.dm = dm;
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
      return new Call(family, keys, pinned, snapshot).run();
    } finally {
      views.unpin(pinned);
    }
  }

  /** A key that may be in disaggregated memory, and what an older local memtable says of it. */
  private record Remote(int index, DmBatchReader.Question question, Lookup older) {}

  /** One multi-get; the pinned view holds every memory that the answers point into. */
  private final class Call {

    private final int family;
    private final List<byte[]> keys;
    private final PinnedView snapshot;
    private final long sequence;
    private final FamilyView view;
    private final byte[][] values;
    private final List<Remote> remote = new ArrayList<>();
    private final List<Integer> inTier = new ArrayList<>();

    Call(int family, List<byte[]> keys, PinnedView pinned, PinnedView snapshot) {
      this.family = family;
      this.keys = keys;
      this.snapshot = snapshot;
      this.sequence = pinned.sequence();
      this.view = pinned.view().family(family);
      this.values = new byte[keys.size()][];
    }

    List<byte[]> run() {
      for (int i = 0; i < values.length; i++) {
        searchMemtables(i);
      }
      if (!remote.isEmpty()) {
        dm.ask(remote.stream().map(Remote::question).toList(), sequence);
        remote.forEach(this::conclude);
      }
      if (!inTier.isEmpty()) {
        searchTier();
      }
      return Arrays.asList(values);
    }

    /** Newest first, up to the first answer that is here; on the way the candidates in DM. */
    private void searchMemtables(int index) {
      MemorySegment key = MemorySegment.ofArray(keys.get(index));
      Lookup here = new Lookup();
      LookupKey sought = LookupKey.of(key);
      List<DmReader.Candidate> candidates = new ArrayList<>(4);
      for (MemtableSource source : view.newestFirst()) {
        switch (source) {
          case LogSource log -> log.table().get(key, sequence, here);
          case DmSource far -> addCandidate(candidates, far, sought);
        }
        if (here.isFinal()) {
          break;
        }
      }
      if (candidates.isEmpty()) {
        answer(index, here);
      } else {
        DmBatchReader.Question question = new DmBatchReader.Question(keys.get(index), candidates);
        remote.add(new Remote(index, question, here));
      }
    }

    private void addCandidate(List<DmReader.Candidate> candidates, DmSource source, LookupKey key) {
      DmShard shard = source.shardFor(key);
      if (shard == null || !shard.index().passesFilter(key)) {
        statistics.increment(Counter.READS_FILTERED);
      } else {
        candidates.add(new DmReader.Candidate(source, shard));
      }
    }

    private void conclude(Remote key) {
      if (!key.question().isAnswered()) {
        values[key.index()] = points.get(family, keys.get(key.index()), snapshot);
      } else if (key.question().found().isFinal()) {
        values[key.index()] = valueOf(key.question().found());
      } else {
        answer(key.index(), key.older());
      }
    }

    /** By a local memtable, or else by the SST tier. */
    private void answer(int index, Lookup local) {
      if (local.isFinal()) {
        statistics.increment(Counter.READS_MEMTABLE);
        values[index] = valueOf(local);
      } else {
        inTier.add(index);
      }
    }

    private void searchTier() {
      statistics.add(Counter.READS_TIER, inTier.size());
      List<byte[]> found = view.rows().multiGet(inTier.stream().map(keys::get).toList());
      for (int i = 0; i < found.size(); i++) {
        values[inTier.get(i)] = found.get(i);
      }
    }
  }

  private static byte[] valueOf(Lookup found) {
    return found.state() == Lookup.State.DELETED
        ? null
        : found.value().toArray(ValueLayout.JAVA_BYTE);
  }
}
