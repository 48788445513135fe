package dwarf.engine.dm;

import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.ReadView;
import java.util.function.Predicate;

/** Chooses the memtable that goes to disaggregated memory next. */
final class OffloadPicker {

  private final Predicate<MemtableSource> isCurrent;

  /**
   * @param isCurrent whether the present view names the source
   */
  OffloadPicker(Predicate<MemtableSource> isCurrent) {
    this.isCurrent = isCurrent;
  }

  /** The oldest frozen local memtable that nobody else works on, claimed; null if there is none. */
  LogSource pick(ReadView view) {
    LogSource oldest = oldest(view);
    return oldest != null && oldest.tryClaim() ? stillCurrent(oldest) : null;
  }

  /** Whether there is one to pick. */
  boolean hasNext(ReadView view) {
    return oldest(view) != null;
  }

  private static LogSource oldest(ReadView view) {
    LogSource oldest = null;
    for (FamilyView family : view.families().values()) {
      for (MemtableSource source : family.frozenOldestFirst()) {
        if (source instanceof LogSource log
            && !log.isClaimed()
            && (oldest == null || log.lastSequence() < oldest.lastSequence())) {
          oldest = log;
        }
      }
    }
    return oldest;
  }

  /** A memtable flushed between the look at the view and the claim is not to be shipped. */
  private LogSource stillCurrent(LogSource claimed) {
    if (isCurrent.test(claimed)) {
      return claimed;
    }
    claimed.unclaim();
    return null;
  }
}
