package dwarf.memtable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of a memtable's records, made when somebody asks for it and shared by all who ask.
 *
 * <p>Idea: what was added since the last request is sorted into a new run; a run is merged with the
 * one before it while that is less than twice as long. So there are at most log2(n) runs, a record
 * is moved O(log n) times however often cursors open, and a cursor right behind another costs
 * nothing.
 *
 * <p>O1. The runs together hold exactly the records up to {@link Runs#through}. O2. All runs have
 * their windows at the same place, at most {@link Runs#shared}, the length of the prefix that all
 * keys have. Requests take turns; writers and point readers are never held up.
 */
final class RecordOrder {

  /** How often windows move to a shorter prefix before they give it up until the count doubles. */
  private static final int MAX_SHRINKS = 3;

  /** An immutable state: the order of all records up to {@code through}. */
  record Runs(LogPosition through, int shared, int skip, int shrinks, List<SortedRun> list) {}

  private final RecordLog log;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile Runs current =
      new Runs(LogPosition.unpack(LogPosition.START), Integer.MAX_VALUE, 0, 0, List.of());

  RecordOrder(RecordLog log) {
    this.log = log;
  }

  /** Runs that hold at least the records up to {@code through}, which are all complete. */
  List<SortedRun> upTo(LogPosition through) {
    Runs runs = current;
    if (runs.through().count() < through.count()) {
      turn.lock();
      try {
        runs = current;
        if (runs.through().count() < through.count()) {
          runs = extend(runs, through);
          current = runs;
        }
      } finally {
        turn.unlock();
      }
    }
    return runs.list();
  }

  /** All records up to {@code through} as one run. */
  SortedRun merged(LogPosition through) {
    turn.lock();
    try {
      Runs runs = current.through().count() < through.count() ? extend(current, through) : current;
      List<SortedRun> list = new ArrayList<>(runs.list());
      if (list.isEmpty()) {
        return SortedRun.EMPTY;
      }
      while (list.size() > 1) {
        mergeLastTwo(list);
      }
      current =
          new Runs(runs.through(), runs.shared(), runs.skip(), runs.shrinks(), List.copyOf(list));
      return list.getFirst();
    } finally {
      turn.unlock();
    }
  }

  private Runs extend(Runs runs, LogPosition through) {
    int[] tail = new int[through.count() - runs.through().count()];
    int shared = runs.shared();
    int unit = runs.through().unit();
    for (int i = tail.length - 1; i >= 0; i--) {
      tail[i] = unit;
      shared = log.commonPrefix(RecordLog.FIRST_UNIT, unit, shared);
      unit += (int) (log.bytes(unit) / RecordLog.UNIT_BYTES);
    }
    boolean doubled = tail.length >= runs.through().count();
    int skip = runs.skip();
    int shrinks = doubled ? 0 : runs.shrinks();
    if (doubled) {
      skip = shared;
    } else if (shared < skip) {
      skip = ++shrinks > MAX_SHRINKS ? 0 : shared;
    }
    List<SortedRun> list = new ArrayList<>();
    for (SortedRun run : runs.list()) {
      list.add(skip == runs.skip() ? run : run.withSkip(skip));
    }
    list.add(RecordSorter.sort(log, skip, tail));
    while (list.size() > 1 && list.get(list.size() - 2).count() < 2 * list.getLast().count()) {
      mergeLastTwo(list);
    }
    return new Runs(through, shared, skip, shrinks, List.copyOf(list));
  }

  private static void mergeLastTwo(List<SortedRun> list) {
    SortedRun last = list.removeLast();
    list.set(list.size() - 1, SortedRun.merge(list.getLast(), last));
  }
}
