package dwarf.engine.flush;

import dwarf.engine.view.DmSource;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Decides which family's oldest memtables are flushed next. A family is due if somebody asked for a
 * flush up to a sequence it still holds, if enough of its memtables wait, or if memory is short
 * (local memory that DM will not take, or DM itself). While writers need local memory and DM takes
 * it, memtables here are left to the offloader: shipping one frees its memory sooner than building
 * files from it, and any node can flush it then.
 */
final class JobPicker {

  static final int MAX_MEMTABLES_PER_JOB = 16;

  private final int waitingToFlush;
  private final Map<Integer, Long> requested = new ConcurrentHashMap<>();

  private final Predicate<MemtableSource> isCurrent;

  /**
   * @param isCurrent whether the present view names the source
   */
  JobPicker(int waitingToFlush, Predicate<MemtableSource> isCurrent) {
    this.waitingToFlush = waitingToFlush;
    this.isCurrent = isCurrent;
  }

  /** Asks for everything of the family up to the sequence to be flushed soon. */
  void request(int family, long throughSequence) {
    requested.merge(family, throughSequence, Math::max);
  }

  /**
   * The memtables to flush now, oldest first and claimed; empty if nothing is due.
   *
   * @param memoryShort whether any that wait are due
   * @param offloading whether those in local memory are left to the offloader
   */
  List<MemtableSource> pick(ReadView view, boolean memoryShort, boolean offloading) {
    List<MemtableSource> best = List.of();
    for (FamilyView family : view.families().values()) {
      List<MemtableSource> ready = ready(family, offloading);
      if (isDue(family.family(), ready, memoryShort)
          && (best.isEmpty() || ready.getFirst().lastSequence() < best.getFirst().lastSequence())) {
        best = ready;
      }
    }
    return claimed(best);
  }

  private boolean isDue(int family, List<MemtableSource> ready, boolean memoryShort) {
    if (ready.isEmpty()) {
      return false;
    }
    long asked = requested.getOrDefault(family, -1L);
    return memoryShort
        || ready.size() >= waitingToFlush
        || ready.getFirst().id().firstSequence() <= asked;
  }

  /**
   * The oldest memtables that lie in one kind of place: those in DM can be flushed by any node,
   * those in local memory only here.
   */
  private static List<MemtableSource> ready(FamilyView family, boolean offloading) {
    List<MemtableSource> ready = new ArrayList<>();
    for (MemtableSource source : family.frozenOldestFirst()) {
      boolean lost = source instanceof DmSource dm && dm.isLost();
      boolean leaving = offloading && source instanceof LogSource;
      boolean elsewhere = !ready.isEmpty() && source.getClass() != ready.getFirst().getClass();
      if (source.isClaimed()
          || lost
          || leaving
          || elsewhere
          || ready.size() == MAX_MEMTABLES_PER_JOB) {
        break;
      }
      ready.add(source);
    }
    return ready;
  }

  /**
   * The longest prefix that could be claimed and has not moved between the look at the view and the
   * claim; whoever holds the claim of a current source is the only one who can move it.
   */
  private List<MemtableSource> claimed(List<MemtableSource> wanted) {
    List<MemtableSource> got = new ArrayList<>();
    for (MemtableSource source : wanted) {
      if (!source.tryClaim()) {
        break;
      }
      if (!isCurrent.test(source)) {
        source.unclaim();
        break;
      }
      got.add(source);
    }
    return got;
  }
}
