package dwarf.engine.commit;

import dwarf.base.DwarfException;
import dwarf.base.Spin;
import dwarf.memtable.WriteLane;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows the writes of a lane in the order of their places, whoever finishes first.
 *
 * <p>Idea: who finishes while everything before it is visible shows its own write, and then all
 * those behind it that have been finished meanwhile. Who finishes too early leaves a mark, and is
 * shown by the one before it, without having to run for that: with more writers than processors
 * most of them do not run when their turn comes.
 *
 * <p>K1. A place is shown once: by its writer if it had left no mark, else by who takes the mark
 * away, with one compare-and-set. K2. Only the place at which visibility ends is shown. A mark
 * there was left by that place's writer and not by one a whole ring later, since a mark is left
 * only within a ring of what is visible; so who looks for a mark checks afterwards that visibility
 * still ends there. K3. Marks are gone when all places are shown, so a ring serves one lane after
 * the other. K4. A place that will never be filled ends all waiting with an error.
 *
 * <p>Threading: {@link #finish}: any thread, once per place; waits for those before it, which do
 * not wait for anything but a processor.
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

  private final VisibleSequence visible;
  private final Health health;

  /** Where a finished place ends, at the number of records before it modulo the ring. */
  private final AtomicLongArray marks = new AtomicLongArray(RING);

  private volatile boolean broken;

  TurnKeeper(VisibleSequence visible, Health health) {
    this.visible = visible;
    this.health = health;
  }

  /**
   * The places of one lane.
   *
   * @param base the sequence number of a record is this, plus the records before it, plus one
   */
  record Lane(WriteLane room, long base) {

    long lastBefore(long place) {
      return base + WriteLane.count(place);
    }
  }

  /** The room from {@code place} to {@code end} is filled; returns when it is visible. */
  void finish(Lane lane, long place, long end) {
    if (visible.get() == lane.lastBefore(place) || !isShownByOthers(lane, place, end)) {
      show(lane, end);
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
    broken = true;
  }

  void failIfBroken() {
    if (broken) {
      DwarfException cause =
          new DwarfException(
              DwarfException.Kind.INTERNAL, "a write failed while its record was being added");
      health.fail("memtable", cause);
      throw cause;
    }
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
      pause(tries);
    }
    return true;
  }

  /** Shows a write that ends there, whose turn it is, and those finished behind it. */
  private void show(Lane lane, long end) {
    long shown = end;
    while (shown != NONE) {
      lane.room.publish(shown);
      visible.set(lane.lastBefore(shown));
      shown = nextFinished(lane, shown);
    }
  }

  /** Takes the mark at the end of what is visible (K2); none if there is none. */
  private long nextFinished(Lane lane, long shown) {
    int slot = slotOf(shown);
    long next = marks.get(slot);
    boolean isNext = next != NONE && visible.get() == lane.lastBefore(shown);
    return isNext && marks.compareAndSet(slot, next, NONE) ? next : NONE;
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
