package dwarf.engine.read;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.Lookup;
import dwarf.engine.commit.Health;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.PinnedView;
import dwarf.engine.view.ReadView;
import dwarf.engine.view.Views;
import dwarf.memtable.LookupKey;
import dwarf.memtable.MemTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks one key up in a view, newest memtable to SST tier, and stops at the first final answer.
 *
 * <p>P1. A memtable that cannot be asked (node gone, block damaged) ends the search: older data is
 * not consulted. The read waits for the memtable to be reachable or rebuilt and starts again, and
 * after {@code readTimeout} it fails as UNAVAILABLE. P2. Candidates in DM are searched together,
 * newest first, before anything older. P3. A read of the present takes the newest version there is,
 * if its write has returned or is visible: a view taken after a write returned has that write's
 * memtable, so no number need be agreed on before the search. P4. Inside the views' gate it first
 * looks whether the database is open: who closes it says so and then waits until that gate has
 * drained, so nothing is freed under a get.
 */
public final class PointReader {

  private static final long RETRY_NANOS = 50_000_000;

  /** Only the active memtable has records that may not be seen yet (P3). */
  private static final long NOW = Limits.MAX_SEQUENCE;

  private final Views views;
  private final DmReader dm;
  private final Statistics statistics;
  private final Patience patience;

  /**
   * @param dm null if there is no disaggregated memory
   */
  public PointReader(Views views, DmReader dm, Statistics statistics, Patience patience) {
    this.views = views;
    this.dm = dm;
    this.statistics = statistics;
    this.patience = patience;
  }

  /** How long, and while what is well, a read waits for a memtable it could not reach. */
  public record Patience(Health health, long readTimeoutNanos) {}

  /** The newest value visible to the snapshot (or now, if null), or null if there is none. */
  public byte[] get(int family, byte[] key, PinnedView snapshot) {
    long deadline = 0;
    while (true) {
      int token = views.gate().enter();
      ReadView present = views.current();
      DwarfException unknown;
      try {
        patience.health().checkOpen();
        ReadView view = snapshot == null ? present : snapshot.view();
        return search(view, snapshot == null ? NOW : snapshot.sequence(), family, key);
      } catch (UnknownOutcomeException e) {
        unknown = e.reason();
      } finally {
        views.gate().exit(token);
      }
      deadline = deadline == 0 ? System.nanoTime() + patience.readTimeoutNanos() : deadline;
      awaitRepair(present, deadline, unknown);
    }
  }

  private byte[] search(ReadView view, long sequence, int family, byte[] key)
      throws UnknownOutcomeException {
    MemorySegment target = MemorySegment.ofArray(key);
    LookupKey sought = null;
    Lookup found = new Lookup();
    List<DmReader.Candidate> pending = null;
    FamilyView in = view.family(family);
    for (MemtableSource source : in.newestFirst()) {
      switch (source) {
        case LogSource log -> {
          if (pending != null && dm.get(pending, sought, sequence, found)) {
            return valueOf(found);
          }
          pending = null;
          if (get(log.table(), target, sequence, found)) {
            byte[] value = valueOf(found);
            statistics.increment(Counter.READS_MEMTABLE);
            return value;
          }
        }
        case DmSource remote -> {
          sought = sought == null ? LookupKey.of(target) : sought;
          pending = withCandidate(pending, remote, sought);
        }
      }
    }
    if (pending != null && dm.get(pending, sought, sequence, found)) {
      return valueOf(found);
    }
    statistics.increment(Counter.READS_TIER);
    return in.rows().get(key);
  }

  /** P3: what was met and has not returned is passed over. */
  private boolean get(MemTable table, MemorySegment key, long sequence, Lookup out) {
    boolean isThere = table.get(key, sequence, out);
    while (isThere && !views.visibility().reach(out.sequence())) {
      isThere = table.get(key, out.sequence() - 1, out);
    }
    return isThere;
  }

  private List<DmReader.Candidate> withCandidate(
      List<DmReader.Candidate> pending, DmSource source, LookupKey key) {
    DmShard shard = source.shardFor(key);
    if (shard == null || !shard.index().passesFilter(key)) {
      statistics.increment(Counter.READS_FILTERED);
      return pending;
    }
    List<DmReader.Candidate> candidates = pending == null ? new ArrayList<>(4) : pending;
    candidates.add(new DmReader.Candidate(source, shard));
    return candidates;
  }

  private void awaitRepair(ReadView seen, long deadline, DwarfException unknown) {
    patience.health().checkOpen();
    statistics.increment(Counter.READS_RETRIED);
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE,
          "the newest data of this key is in disaggregated memory that cannot be read now, and it"
              + " was not rebuilt in time; retry the read. Last reason: "
              + unknown.getMessage(),
          unknown);
    }
    try {
      views.awaitChange(seen, Math.min(left, RETRY_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, "interrupted while waiting for a memtable", e);
    }
  }

  private static byte[] valueOf(Lookup found) {
    return found.state() == Lookup.State.DELETED
        ? null
        : found.value().toArray(ValueLayout.JAVA_BYTE);
  }
}
