package dwarf.engine.commit;

import dwarf.base.DwarfException;
import dwarf.base.PaddedLong;
import dwarf.base.Spin;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.WriteLane;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows the writes of a lane in the order of their places, whoever finishes first.
 *
 * <p>Idea: who is finished leaves a mark. Whoever comes along, one at a time, collects the marks
 * from where visibility ends on, logs what they stand for in one group, if it is to be in the log
 * first, and shows it. So nobody has to run for its own write to be shown: with more writers than
 * processors most of them do not run when their turn comes. A write that needs no log before it
 * returns ({@link LaneLog#returnsFirst}) does not even wait: every so many writes one shows what
 * there is, or who reads does ({@link VisibleSequence.Pending}).
 *
 * <p>K1. One thread at a time shows; what it shows begins where visibility ends and has no gap. K2.
 * A batch is one mark, so it is shown whole; and since a get cannot tell whether the batch of a
 * record it met has returned, a batch waits until it is visible. K3. Only the lane that is open is
 * shown, so nobody who is late shows what another lane's log has not got. K4. A place that will
 * never be filled, or cannot be logged, ends all waiting with an error. K5. Nothing is shown before
 * it is in the log, if it is to be there first. K6. A batch that is logged as it is belongs to its
 * caller again when its write has returned, or failed: then nobody looks at it any more.
 *
 * <p>Threading: {@link #begin}, {@link #end}: the leader; {@link #finish}: any thread, once per
 * place; it waits for those before it only, which do not wait for anything but a processor and the
 * log.
 *
 * <p>Rejected: waiting for one's turn to show oneself. With 4 writers on 2 processors each write
 * then cost a switch of threads, and they got less done than one alone.
 */
final class TurnKeeper implements VisibleSequence.Pending {

  private static final int SPINS = Spin.BEFORE_SLEEP.isZero() ? 0 : 200;
  private static final int YIELDS = 1000;
  private static final long NAP_NANOS = 50_000;

  /** So many writes may have returned before a writer shows them. */
  private static final int ENOUGH = 256;

  private final VisibleSequence visible;
  private final Health health;
  private final Marks marks = new Marks();

  /** Touched by who shows only. */
  private final LaneGroups groups;

  /** 1 while a thread shows. */
  private final PaddedLong showing = new PaddedLong(0);

  /** Null: no lane is open. Set to null by who shows only. */
  private volatile Lane open;

  private volatile DwarfException broken;

  TurnKeeper(VisibleSequence visible, Health health, Statistics statistics) {
    this.visible = visible;
    this.health = health;
    this.groups = new LaneGroups(visible, marks, statistics);
  }

  /**
   * The places of one lane.
   *
   * @param base the sequence number of a record is this, plus the records before it, plus one
   */
  record Lane(WriteLane room, long base, LaneLog log) {

    long lastBefore(long place) {
      return base + WriteLane.count(place);
    }
  }

  /** All before the lane's first place is visible. */
  void begin(Lane lane) {
    open = lane;
  }

  /** Returns when all of the lane, which grants nothing any more, is visible. */
  void end(Lane lane) {
    awaitShown(lane.lastBefore(lane.room().granted()), lane.log());
    for (int tries = 0; !showing.compareAndSet(0, 1); tries++) {
      pause(tries);
    }
    open = null;
    showing.set(0);
  }

  /**
   * As the other, for a batch that is logged as it is; when this has failed, too, nobody looks at
   * the batch any more.
   */
  void finish(Lane lane, long place, long end, CommitBatch batch) {
    failIfBroken();
    long first = lane.lastBefore(place) + 1;
    long last = lane.lastBefore(end);
    awaitShown(first - Marks.RING, lane.log());
    marks.set(first, last, end, batch);
    try {
      awaitShown(last, lane.log());
    } finally {
      if (visible.get() < last) {
        giveUpBatch();
      }
    }
  }

  /** After a breakdown nobody begins to show, and so nobody begins to log (K6). */
  private void giveUpBatch() {
    if (broken == null) {
      breakDown();
    }
    while (showing.get() != 0) {
      LockSupport.parkNanos(this, NAP_NANOS);
    }
  }

  /** The room from {@code place} to {@code end} of the open lane is filled. */
  void finish(Lane lane, long place, long end) {
    failIfBroken();
    long first = lane.lastBefore(place) + 1;
    long last = lane.lastBefore(end);
    awaitShown(first - Marks.RING, lane.log());
    marks.set(first, last, end);
    if (first < last || !lane.log().returnsFirst()) {
      awaitShown(last, lane.log());
    } else if (last - visible.get() >= ENOUGH) {
      show();
    }
  }

  @Override
  public void showReturned() {
    Lane lane = open;
    if (lane == null || !lane.log().returnsFirst()) {
      return;
    }
    long through = lane.lastBefore(lane.room().granted());
    for (int tries = 0; hasReturned(through); tries++) {
      if (!show()) {
        pause(tries);
      }
    }
  }

  /** Whether a write up to that number has returned and is not visible. */
  private boolean hasReturned(long through) {
    long shown = visible.get();
    long last = Math.min(through, shown + Marks.RING);
    for (long sequence = shown + 1; sequence <= last; sequence++) {
      if (marks.hasSingle(sequence)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean show(long sequence) {
    Lane lane = open;
    if (lane == null || !lane.log().returnsFirst() || !marks.hasSingle(sequence)) {
      return false;
    }
    awaitShown(sequence, lane.log());
    return true;
  }

  /** A place was taken and will not be filled. */
  void breakDown() {
    breakDown(
        "memtable",
        new DwarfException(
            DwarfException.Kind.INTERNAL, "a write failed while its record was being added"));
  }

  void failIfBroken() {
    DwarfException cause = broken;
    if (cause != null) {
      throw new DwarfException(cause.kind(), cause.getMessage(), cause);
    }
  }

  /** As {@link #breakDown()}, or what was taken cannot be logged. */
  void breakDown(String what, Throwable failure) {
    DwarfException cause =
        failure instanceof DwarfException known
            ? known
            : new DwarfException(
                DwarfException.Kind.INTERNAL, "it failed with " + failure, failure);
    health.fail(what, cause);
    broken = cause;
  }

  private void awaitShown(long sequence, LaneLog log) {
    for (int tries = 0; visible.get() < sequence; tries++) {
      if (!show()) {
        if (tries == SPINS) {
          log.crowded();
        }
        pause(tries);
      }
    }
  }

  /** Shows what is finished, if nobody else does; returns whether it did. */
  private boolean show() {
    if (marks.end(visible.get() + 1) == WriteLane.REFUSED || !showing.compareAndSet(0, 1)) {
      return false;
    }
    try {
      failIfBroken();
      Lane lane = open;
      return lane != null && showGroups(lane);
    } finally {
      showing.setRelease(0);
    }
  }

  private boolean showGroups(Lane lane) {
    try {
      return groups.show(lane);
    } catch (RuntimeException | Error e) {
      breakDown("WAL", e);
      throw e;
    }
  }

  private void pause(int tries) {
    failIfBroken();
    if (tries < SPINS) {
      Thread.onSpinWait();
    } else if (tries >= YIELDS || !Spin.giveWay()) {
      LockSupport.parkNanos(this, NAP_NANOS);
    }
  }
}
