package dwarf.engine.commit;

import dwarf.base.Spin;
import dwarf.wal.WalBatch;
import java.util.concurrent.locks.LockSupport;

/**
 * One write, or one action that wants to be alone, in the commit queue. The links are written
 * before a request is published by the queue's CAS (older) or by the leader alone (newer); the
 * outcome is written before the state that announces it.
 */
final class CommitRequest {

  /** How far the request has come; each is set once, in order, APPLY and LEADER optional. */
  enum State {
    WAITING,
    APPLY,
    APPLIED,
    LEADER,
    DONE
  }

  private static final int SPINS = Spin.BEFORE_SLEEP.isZero() ? 0 : 256;

  /** RocksDB's write_thread_max_yield_usec. */
  private static final long YIELD_NANOS = 100_000;

  final CommitBatch batch;
  final Runnable action;
  final WriteFlags flags;
  final Thread thread = Thread.currentThread();

  CommitRequest older;
  CommitRequest newer;
  CommitGroup group;
  WalBatch sequenced;
  RuntimeException failure;
  private volatile State state = State.WAITING;
  private volatile boolean parked;

  CommitRequest(CommitBatch batch, WriteFlags flags) {
    this.batch = batch;
    this.flags = flags;
    this.action = null;
  }

  CommitRequest(Runnable action) {
    this.batch = null;
    this.flags = WriteFlags.DEFAULT;
    this.action = action;
  }

  boolean isExclusive() {
    return action != null;
  }

  State state() {
    return state;
  }

  /** Whether it would take its thread long to notice a change. */
  boolean isAsleep() {
    return parked;
  }

  void moveTo(State next) {
    state = next;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Waits until the state is no more the one seen; interrupts are kept. Spins first, then yields,
   * then sleeps, as RocksDB's writers do: to be woken takes longer than most groups take.
   */
  State awaitChange(State seen) {
    for (int spin = 0; spin < SPINS; spin++) {
      if (state != seen) {
        return state;
      }
      Thread.onSpinWait();
    }
    long start = System.nanoTime();
    boolean yielding = true;
    while (state == seen && yielding) {
      yielding = System.nanoTime() - start < YIELD_NANOS && Spin.giveWay();
    }
    if (state == seen) {
      sleepWhile(seen);
    }
    return state;
  }

  private void sleepWhile(State seen) {
    boolean interrupted = false;
    parked = true;
    while (state == seen) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    parked = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
