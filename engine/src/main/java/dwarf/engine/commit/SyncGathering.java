package dwarf.engine.commit;

import dwarf.base.Spin;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Lets those who synced together last time do so again.
 *
 * <p>Idea: of several writers that sync, one is back for more before the others have even been
 * woken, and would sync alone while they queue up for the next sync: half of all syncs are for one
 * writer. So a leader waits until as many are there as were at the last sync, but less long than a
 * sync takes, since that is what there is to win. PostgreSQL's commit_delay with its siblings is
 * the same, set by hand.
 *
 * <p>Threading: the leader's, like everything in the queue.
 */
final class SyncGathering {

  private static final long MAX_NANOS = 1_000_000;
  private static final long NAP_NANOS = 20_000;

  private int crowd = 1;
  private long syncNanos;

  /**
   * Waits for the others, for a moment.
   *
   * @param present how many there are now, the leader included
   */
  void await(IntSupplier present) {
    if (crowd <= 1) {
      return;
    }
    long start = System.nanoTime();
    long limit = Math.min(MAX_NANOS, syncNanos / 2);
    while (present.getAsInt() < crowd && System.nanoTime() - start < limit) {
      if (!Spin.giveWay()) {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
  }

  /**
   * A sync has ended.
   *
   * @param writers those it was for, and those who wait behind them
   */
  void synced(int writers, long nanos) {
    crowd = writers;
    syncNanos = nanos;
  }
}
