package dwarf.engine.read;

import dwarf.base.Cursor;
import dwarf.engine.dm.DmNode;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.PinnedView;
import dwarf.memtable.MemTable;
import dwarf.memtable.MergingCursor;
import dwarf.memtable.ShardReader;
import dwarf.memtable.VisibleCursor;
import dwarf.protocol.RemoteShard;
import dwarf.storage.SstStore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the merged, visible walk over everything a pinned view holds of one family. Memtables in DM
 * come as one delegated walk; shards that were fetched back, and everything when the cost model
 * finds blocks cheaper by far, are read here. Without any memtable the rows of the SST tier are the
 * answer as they are: one version of each key, no deletions.
 */
public final class Scanner {

  /** A delegated batch answers this many rows; a block holds about as many, so compare evenly. */
  private static final int ROWS_PER_BLOCK = 30;

  private final SstStore store;
  private final DmNode node;
  private final ReadCostModel costs;
  private final Statistics statistics;

  public Scanner(SstStore store, DmNode node, ReadCostModel costs, Statistics statistics) {
    this.store = store;
    this.node = node;
    this.costs = costs;
    this.statistics = statistics;
  }

  /** The bounds of a walk; null means none. */
  public record Bounds(byte[] lower, byte[] upper) {}

  public Cursor open(PinnedView pinned, int family, Bounds bounds) {
    FamilyView view = pinned.view().family(family);
    List<Cursor> newestFirst = new ArrayList<>();
    List<DmSource> remote = new ArrayList<>();
    for (MemtableSource source : view.newestFirst()) {
      switch (source) {
        case LogSource log -> addLocal(log.table(), newestFirst);
        case DmSource dm -> remote.add(dm);
      }
    }
    addRemote(remote, pinned.sequence(), newestFirst);
    Cursor rows = store.cursor(family, view.tier().snapshot(), bounds.lower(), bounds.upper());
    if (newestFirst.isEmpty()) {
      return rows;
    }
    newestFirst.add(rows);
    return new VisibleCursor(new MergingCursor(newestFirst), pinned.sequence(), false);
  }

  /** What comes into an empty memtable from now on is newer than what the walk may see. */
  private static void addLocal(MemTable table, List<Cursor> into) {
    if (table.entryCount() > 0) {
      into.add(table.cursor());
    }
  }

  private void addRemote(List<DmSource> remote, long sequence, List<Cursor> into) {
    if (remote.isEmpty()) {
      return;
    }
    if (blocksAreCheaper(remote.size())) {
      for (DmSource source : remote) {
        into.add(
            watched(
                ShardReader.cursorOver(source.shards().stream().map(this::readerOf).toList()),
                List.of(source)));
      }
      return;
    }
    List<RemoteShard> shards = new ArrayList<>();
    for (DmSource source : remote) {
      source.shards().forEach(shard -> shards.add(shard.remote()));
    }
    into.add(watched(new DelegatedCursor(node, shards, sequence, statistics), remote));
  }

  private Cursor watched(Cursor cursor, List<DmSource> sources) {
    return new WatchedCursor(
        cursor, damage -> sources.forEach(source -> node.suspect(source, damage)));
  }

  private boolean blocksAreCheaper(int memtables) {
    double blocks = costs.oneSidedCost(1) * memtables;
    double batch = costs.delegatedCost(node.load());
    return blocks > 0 && batch > 0 && blocks * ROWS_PER_BLOCK < batch;
  }

  private ShardReader readerOf(DmShard shard) {
    MemorySegment copy = shard.localCopy();
    return new ShardReader(
        shard.index(),
        copy != null
            ? ShardReader.over(copy)
            : node.blocks(
                shard.remote(), nanos -> costs.measured(ReadCostModel.Route.ONE_SIDED, nanos)));
  }
}
