package dwarf.memtable;

import dwarf.base.Invariants;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A walk over a few sorted runs of one log.
 *
 * <p>M1. While the cursor is valid, every run stands at its first record not before the current
 * one. So the next record is the least of those the runs stand at once the current is passed, the
 * previous is the greatest of those just before; turning round needs no search. Runs number at most
 * log2(n) and most comparisons are of two longs, so the least is found by looking at all.
 *
 * <p>Records that follow each other in order lie anywhere in the log, so a walk misses the caches
 * with each of them. Walking forward therefore loads some records ahead: the misses of many
 * independent loads take hardly longer than that of one. A few at first, for walks that end soon,
 * then more.
 */
final class MemTableCursor implements VersionedCursor {

  /** No record has a sequence number this low: the place behind all versions of a key. */
  private static final long BEHIND_ALL_VERSIONS = -1;

  private static final int NONE = -1;

  private static final int LEAST_AHEAD = 4;
  private static final int MOST_AHEAD = 16;

  private final SortedRun[] runs;
  private final int[] at;
  private final int[] touched;

  /** Of all runs; null if there are none. */
  private final RecordLog log;

  private int ahead = LEAST_AHEAD;
  private int current = NONE;

  /** The current record, which is asked for several things before the next move. */
  private int unit = RecordLog.NIL;

  /** Only written, so that the loads count as used. */
  @SuppressWarnings("UnusedVariable")
  private long something;

  MemTableCursor(List<SortedRun> sortedRuns) {
    runs = sortedRuns.toArray(new SortedRun[0]);
    at = new int[runs.length];
    touched = new int[runs.length];
    log = runs.length == 0 ? null : runs[0].log;
  }

  @Override
  public boolean isValid() {
    return current != NONE;
  }

  @Override
  public void seekToFirst() {
    Arrays.fill(at, 0);
    touchAll();
    chooseLeast();
  }

  @Override
  public void seekToLast() {
    for (int i = 0; i < runs.length; i++) {
      at[i] = runs[i].count();
    }
    stepBack();
  }

  @Override
  public void seek(MemorySegment target) {
    seekVersion(target, Limits.MAX_SEQUENCE);
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    place(target, BEHIND_ALL_VERSIONS);
    stepBack();
  }

  @Override
  public void seekVersion(MemorySegment key, long sequence) {
    place(key, sequence);
    chooseLeast();
  }

  @Override
  public void next() {
    int run = valid();
    if (++at[run] >= touched[run]) {
      ahead = Math.min(MOST_AHEAD, 2 * ahead);
      touch(run);
    }
    chooseLeast();
  }

  /**
   * To the newest version of the next user key. Records do not move and runs have their windows at
   * the same place, so the key that is left need not be copied, and is mostly told apart from the
   * next one by a look at two longs.
   */
  void nextKey() {
    SortedRun left = runs[valid()];
    int record = at[current];
    for (int steps = 0; steps < VisibleCursor.MAX_STEPS; steps++) {
      next();
      if (current == NONE || !runs[current].sameKey(at[current], left, record)) {
        return;
      }
    }
    seekVersion(left.key(record), BEHIND_ALL_VERSIONS);
  }

  @Override
  public void prev() {
    valid();
    stepBack();
  }

  @Override
  public MemorySegment key() {
    valid();
    return log.key(unit);
  }

  @Override
  public long sequence() {
    valid();
    return log.sequence(unit);
  }

  @Override
  public RecordType type() {
    valid();
    return log.type(unit);
  }

  @Override
  public MemorySegment value() {
    valid();
    return log.value(unit);
  }

  /** The runs belong to the memtable; nothing to give back. */
  @Override
  public void close() {
    current = NONE;
  }

  private int valid() {
    Invariants.check(current != NONE, "a cursor is moved and read only while it is valid (C2)");
    return current;
  }

  private void place(MemorySegment key, long sequence) {
    for (int i = 0; i < runs.length; i++) {
      at[i] = runs[i].bound(key, sequence);
    }
    touchAll();
  }

  private void touchAll() {
    ahead = LEAST_AHEAD;
    for (int i = 0; i < runs.length; i++) {
      touch(i);
    }
  }

  private void touch(int run) {
    something += runs[run].touch(at[run], ahead);
    touched[run] = at[run] + ahead;
  }

  private void chooseLeast() {
    int least = NONE;
    for (int i = 0; i < runs.length; i++) {
      if (at[i] < runs[i].count()
          && (least == NONE || runs[i].compare(at[i], runs[least], at[least]) < 0)) {
        least = i;
      }
    }
    stand(least);
  }

  private void stepBack() {
    int greatest = NONE;
    for (int i = 0; i < runs.length; i++) {
      if (at[i] > 0
          && (greatest == NONE
              || runs[i].compare(at[i] - 1, runs[greatest], at[greatest] - 1) > 0)) {
        greatest = i;
      }
    }
    if (greatest != NONE) {
      at[greatest]--;
    }
    stand(greatest);
  }

  private void stand(int run) {
    current = run;
    unit = run == NONE ? RecordLog.NIL : runs[run].units[at[run]];
  }
}
