package dwarf.engine.commit;

import dwarf.base.DwarfException;
import dwarf.base.Spin;
import dwarf.memtable.WriteLane;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows the writes of a lane in the order of their places, whoever finishes first.
 *
 * <p>Idea: who finishes while everything before it is visible collects those behind it that have
 * been finished meanwhile, logs them together with its own, and shows them. Who finishes too early
 * leaves a mark, and is shown by the one before it, without having to run for that: with more
 * writers than processors most of them do not run when their turn comes. While one logs, the others
 * fill their places: the next group forms.
 *
 * <p>K1. A place is shown once: by its writer if it had left no mark, else by who takes the mark
 * away, with one compare-and-set. K2. Only places from where visibility ends on, without a gap, are
 * shown, and only by who owns the first of them. A mark there was left by that place's writer and
 * not by one a whole ring later, since a mark is left only within a ring of what is visible; so who
 * looks for a mark checks afterwards that visibility still ends where it thinks. K3. Marks are gone
 * when all places are shown, so a ring serves one lane after the other. K4. A place that will never
 * be filled, or cannot be logged, ends all waiting with an error. K5. Nothing is shown before it is
 * in the log, if it is to be there first ({@link LaneLog}).
 *
 * <p>Threading: {@link #finish}: any thread, once per place; waits for those before it, which do
 * not wait for anything but a processor and the log.
 *
 * <p>Rejected: waiting for one's turn to show oneself. With 4 writers on 2 processors each write
 * then cost a switch of threads, and they got less done than one alone.
 */
final class TurnKeeper {

  private static final int RING = 1024;
  private static final int SPINS = Spin.BEFORE_SLEEP.isZero() ? 0 : 200;
  private static final int YIELDS = 1000;
  private static final long NAP_NANOS = 50_000;
  private static final long NONE = WriteLane.REFUSED;
  private static final long MAX_GROUP_BYTES = 1 << 20;

  /** Groups that one writer shows in a row, its own included, before it returns to its caller. */
  private static final int MAX_GROUPS = 64;

  private final VisibleSequence visible;
  private final Health health;

  /** Where a finished place ends, at the number of records before it modulo the ring. */
  private final AtomicLongArray marks = new AtomicLongArray(RING);

  private volatile DwarfException broken;

  TurnKeeper(VisibleSequence visible, Health health) {
    this.visible = visible;
    this.health = health;
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

  /** The room from {@code place} to {@code end} is filled; returns when it is visible. */
  void finish(Lane lane, long place, long end) {
    if (visible.get() == lane.lastBefore(place) || !isShownByOthers(lane, place, end)) {
      show(lane, place, end);
    }
  }

  /** Waits until visibility has come that far. */
  void await(long sequence) {
    for (int tries = 0; visible.get() < sequence; tries++) {
      pause(tries);
    }
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

  /** Leaves a mark and waits; false if the turn has come and nobody has taken the mark. */
  private boolean isShownByOthers(Lane lane, long place, long end) {
    long before = lane.lastBefore(place);
    await(before - RING + 1);
    int slot = slotOf(place);
    marks.set(slot, end);
    for (int tries = 0; visible.get() < lane.lastBefore(end); tries++) {
      if (visible.get() == before && marks.compareAndSet(slot, end, NONE)) {
        return false;
      }
      if (tries == SPINS) {
        lane.log.crowded();
      }
      pause(tries);
    }
    return true;
  }

  /** Shows what lies between the two places, whose turn it is, and what is finished behind it. */
  private void show(Lane lane, long place, long end) {
    long from = place;
    long to = end;
    for (int groups = 1; to != NONE; groups++) {
      to = gather(lane, from, to);
      log(lane, from, to);
      lane.room.publish(to);
      visible.set(lane.lastBefore(to));
      from = to;
      to = groups < MAX_GROUPS ? take(from, lane.lastBefore(from)) : NONE;
    }
  }

  /** Where what is finished behind the places ends, without a gap. */
  private long gather(Lane lane, long from, long to) {
    long start = lane.lastBefore(from);
    long limit = WriteLane.offset(from) + MAX_GROUP_BYTES;
    long end = to;
    while (WriteLane.offset(end) < limit) {
      long next = take(end, start);
      if (next == NONE) {
        break;
      }
      end = next;
    }
    return end;
  }

  /** Takes the mark there (K2), if visibility ends at that sequence; none if there is none. */
  private long take(long place, long visibleThrough) {
    int slot = slotOf(place);
    long end = marks.get(slot);
    boolean isThere = end != NONE && visible.get() == visibleThrough;
    return isThere && marks.compareAndSet(slot, end, NONE) ? end : NONE;
  }

  private void log(Lane lane, long from, long end) {
    try {
      lane.log.beforeShown(from, end);
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

  private static int slotOf(long place) {
    return WriteLane.count(place) & (RING - 1);
  }
}
