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

  void moveTo(State next) {
    state = next;
    if (thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }

  /** Waits, spinning briefly, until the state is no more the one seen; interrupts are kept. */
  State awaitChange(State seen) {
    for (int spin = 0; spin < SPINS; spin++) {
      if (state != seen) {
        return state;
      }
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    while (state == seen) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return state;
  }
}
