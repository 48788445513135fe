package dwarf.engine.read;

import dwarf.base.Cursor;
import dwarf.engine.dm.DmNode;
import dwarf.engine.read.ReadCostModel.Route;
import dwarf.engine.stats.Counter;
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
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the merged, visible walk over everything a pinned view holds of one family. Memtables in DM
 * come as one walk that the memory node merges, or are merged here from blocks read one-sided,
 * whichever begins sooner ({@link ScanCostModel}). Without any memtable the rows of the SST tier
 * are the answer as they are: one version of each key, no deletions.
 */
public final class Scanner {

  private final DmNode node;
  private final Costs costs;
  private final Statistics statistics;

  public Scanner(DmNode node, Costs costs, Statistics statistics) {
    this.node = node;
    this.costs = costs;
    this.statistics = statistics;
  }

  /** What is known of the routes: of single blocks, and of walks. */
  public record Costs(ReadCostModel reads, ScanCostModel scans) {}

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
    if (newestFirst.isEmpty() || view.rows().mayHaveRows()) {
      Cursor rows = view.rows().cursor(bounds.lower(), bounds.upper());
      if (newestFirst.isEmpty()) {
        return rows;
      }
      newestFirst.add(rows);
    }
    Cursor all = newestFirst.size() == 1 ? newestFirst.getFirst() : new MergingCursor(newestFirst);
    return new VisibleCursor(all, pinned.sequence(), false);
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
    Route route = costs.scans.choose(remote.size(), node.load());
    Cursor walk = route == Route.ONE_SIDED ? blocksOf(remote) : batchesOf(remote, sequence);
    into.add(
        watched(
            new TimedSeeks(walk, nanos -> costs.scans.measured(route, remote.size(), nanos)),
            remote));
  }

  private Cursor blocksOf(List<DmSource> remote) {
    statistics.increment(Counter.READS_ONE_SIDED);
    List<Cursor> newestFirst = new ArrayList<>();
    for (DmSource source : remote) {
      newestFirst.add(
          ShardReader.cursorOver(source.shards().stream().map(this::readerOf).toList()));
    }
    return new MergingCursor(newestFirst);
  }

  private Cursor batchesOf(List<DmSource> remote, long sequence) {
    List<RemoteShard> shards = new ArrayList<>();
    for (DmSource source : remote) {
      source.shards().forEach(shard -> shards.add(shard.remote()));
    }
    return new DelegatedCursor(node, shards, sequence, statistics);
  }

  private Cursor watched(Cursor cursor, List<DmSource> sources) {
    return new WatchedCursor(
        cursor, damage -> sources.forEach(source -> node.suspect(source, damage)));
  }

  private ShardReader readerOf(DmShard shard) {
    MemorySegment copy = shard.localCopy();
    return new ShardReader(
        shard.index(),
        copy != null
            ? ShardReader.over(copy)
            : node.blocks(shard.remote(), nanos -> costs.reads.measured(Route.ONE_SIDED, nanos)));
  }
}
