package dwarf.engine.commit;

import dwarf.base.PaddedLong;
import dwarf.engine.view.Visibility;

/**
 * The newest sequence readers may see: written by the commit leader, or for the writers of an open
 * {@link CommitLane} by one of them at a time; read by every reader.
 *
 * <p>Idea: writes that go past the queue need not wait for each other. One that is finished before
 * those in front of it is marked and returns; who reads moves visibility on. A walk needs a number
 * for all it is going to see ({@link #latest}); a get needs it only when it meets a record that is
 * not visible yet ({@link #reach}), which is rare.
 *
 * <p>V1. What is at or below the number is complete, and the number never goes back. V2. What has
 * returned is at or below it, or {@link Pending} until it is.
 */
public final class VisibleSequence implements Visibility {

  /** Writes that are not visible yet although they may have returned. */
  interface Pending {

    /** Returns when all that had returned when this was called are visible. */
    void showReturned();

    /** False if no write with that number has returned unseen; else returns when it is visible. */
    boolean show(long sequence);
  }

  private static final Pending NONE =
      new Pending() {
        @Override
        public void showReturned() {}

        @Override
        public boolean show(long sequence) {
          return false;
        }
      };

  private final PaddedLong value = new PaddedLong(0);
  private volatile Pending pending = NONE;

  /** What is visible already. */
  public long get() {
    return value.get();
  }

  @Override
  public long latest() {
    pending.showReturned();
    return value.get();
  }

  @Override
  public boolean reach(long sequence) {
    return value.get() >= sequence || pending.show(sequence) || value.get() >= sequence;
  }

  void set(long sequence) {
    value.set(sequence);
  }

  /** Before the first write. */
  void watch(Pending writes) {
    pending = writes;
  }
}
