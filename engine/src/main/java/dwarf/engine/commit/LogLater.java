package dwarf.engine.commit;

import dwarf.memtable.WriteLane;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of a lane under manual_wal_flush: copied from the memtable's records, many at a time, by
 * whichever writer finds that enough of them wait.
 *
 * <p>Idea: what is not flushed may be lost with the process, and that holds for records which are
 * not in the log yet just as for those in its buffer. So nobody waits for the log; the memtable is
 * the buffer.
 *
 * <p>G1. Logged is what is visible, in order, whole batches only: a frame ends where a writer's
 * records end. G2. At most about {@link #MAX_BEHIND} bytes that are visible wait; then writers wait
 * for who copies. G3. After {@link #close} everything is logged, and nothing is copied any more:
 * what follows is the commit queue's.
 */
final class LogLater implements LaneLog {

  private static final long ENOUGH = 64 << 10;
  private static final long MAX_BEHIND = 1 << 20;

  private final LaneCopy copy;
  private final WriteLane room;
  private final ReentrantLock copying = new ReentrantLock();
  private boolean closed; // guarded by the lock

  /** Up to here all is logged; written under the lock. */
  private volatile long logged;

  LogLater(LaneCopy copy, WriteLane room) {
    this.copy = copy;
    this.room = room;
    this.logged = room.published();
  }

  @Override
  public boolean returnsFirst() {
    return true;
  }

  @Override
  public void afterFinished(long end) {
    long behind = WriteLane.offset(end) - WriteLane.offset(logged);
    if (behind < ENOUGH) {
      return;
    }
    if (behind >= MAX_BEHIND) {
      copying.lock();
    } else if (!copying.tryLock()) {
      return;
    }
    try {
      copyVisible();
    } finally {
      copying.unlock();
    }
  }

  @Override
  public void catchUp() {
    copying.lock();
    try {
      copyVisible();
    } finally {
      copying.unlock();
    }
  }

  @Override
  public void close() {
    copying.lock();
    try {
      copyVisible();
      closed = true;
    } finally {
      copying.unlock();
    }
  }

  private void copyVisible() {
    long end = room.published();
    if (!closed && WriteLane.offset(end) > WriteLane.offset(logged)) {
      copy.append(logged, end);
      logged = end;
    }
  }
}
