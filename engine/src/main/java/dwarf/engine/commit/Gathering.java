package dwarf.engine.commit;

import dwarf.base.Spin;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Lets those who wrote to the log together last time do so again.
 *
 * <p>Idea: of several writers, one is back for more before the others have noticed that theirs is
 * done, and would write, or sync, alone while they queue up for the next time. So a leader waits
 * until as many are there as were last time, but less long than there is to win: for a sync at most
 * half of what one takes, for a write some spins. If they do not come it does not wait for them
 * again. PostgreSQL's commit_delay with its siblings is the same for syncs, set by hand.
 *
 * <p>Threading: the leader's, like everything in the queue.
 */
final class Gathering {

  private static final long MAX_NANOS = 1_000_000;
  private static final long NAP_NANOS = 20_000;
  private static final int SPINS = Spin.BEFORE_SLEEP.isZero() ? 0 : 32;

  private int crowd = 1;
  private long syncNanos;

  /**
   * Waits for the others, for a moment.
   *
   * @param present how many there are now, the leader included
   */
  void await(boolean sync, IntSupplier present) {
    if (crowd > 1) {
      if (sync) {
        awaitForSync(present);
      } else {
        awaitForWrite(present);
      }
    }
  }

  private void awaitForSync(IntSupplier present) {
    long start = System.nanoTime();
    long limit = Math.min(MAX_NANOS, syncNanos / 2);
    while (present.getAsInt() < crowd && System.nanoTime() - start < limit) {
      if (!Spin.giveWay()) {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
  }

  private void awaitForWrite(IntSupplier present) {
    for (int spin = 0; spin < SPINS && present.getAsInt() < crowd; spin++) {
      Thread.onSpinWait();
    }
  }

  /**
   * A group is in the log.
   *
   * @param writers those in it, and those who wait behind them
   */
  void written(int writers) {
    crowd = writers;
  }

  /** As {@link #written}, and synced. */
  void synced(int writers, long nanos) {
    crowd = writers;
    syncNanos = nanos;
  }
}
