package dwarf.node.worker;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.protocol.FlushTask;

/**
 * One try at one task, as the thread that runs it and the thread that keeps its lease share it.
 *
 * @see Heartbeats
 */
final class Attempt {

  private final FlushTask task;
  private final long worker;

  /** Set once by the heartbeat or the shutdown; the running thread sees it at its next check. */
  private volatile DwarfException abandoned;

  /** Written by the running thread. */
  private volatile long bytesRead;

  private volatile long bytesWritten;

  /** When the lease was last known to hold; written by the heartbeat thread. */
  private volatile long leaseSeenAt;

  Attempt(FlushTask task, long worker, long now) {
    this.task = task;
    this.worker = worker;
    this.leaseSeenAt = now;
  }

  FlushTask task() {
    return task;
  }

  /** The registration it was taken under. */
  long worker() {
    return worker;
  }

  void abandon(Kind kind, String why) {
    if (abandoned == null) {
      abandoned =
          new DwarfException(
              kind, "attempt " + task.attempt() + " at " + describe() + " abandoned: " + why);
    }
  }

  boolean isAbandoned() {
    return abandoned != null;
  }

  /** Throws if the attempt has been abandoned. */
  void checkAlive() {
    DwarfException reason = abandoned;
    if (reason != null) {
      throw new DwarfException(reason.kind(), reason.getMessage(), reason);
    }
  }

  /** Whether the memory node has given the attempt up, so that nothing needs to be told to it. */
  boolean isLeaseLost() {
    DwarfException reason = abandoned;
    return reason != null && reason.kind() == Kind.STALE_HANDLE;
  }

  void advanced(long read, long written) {
    bytesRead = read;
    bytesWritten = written;
    checkAlive();
  }

  long bytesRead() {
    return bytesRead;
  }

  long bytesWritten() {
    return bytesWritten;
  }

  long leaseSeenAt() {
    return leaseSeenAt;
  }

  void leaseSeen(long now) {
    leaseSeenAt = now;
  }

  String describe() {
    return "task " + task.task() + " of job " + task.job() + ", database " + task.database();
  }
}
