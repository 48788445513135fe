package dwarf.engine.commit;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The writes that one leader commits together, in queue order. Built and used by the leader. */
public final class CommitGroup {

  private final List<CommitRequest> requests;
  private final long bytes;
  private int crowd = 1;
  private final Thread leader = Thread.currentThread();
  private final AtomicInteger unapplied = new AtomicInteger();

  CommitGroup(List<CommitRequest> requests, long bytes) {
    this.requests = requests;
    this.bytes = bytes;
  }

  List<CommitRequest> requests() {
    return requests;
  }

  /** The members that no stage has refused so far. */
  List<CommitRequest> live() {
    for (CommitRequest request : requests) {
      if (request.failure != null) {
        return requests.stream().filter(other -> other.failure == null).toList();
      }
    }
    return requests;
  }

  /** The thread that waits for the members to apply. */
  Thread leader() {
    return leader;
  }

  long bytes() {
    return bytes;
  }

  boolean wantsSync() {
    for (CommitRequest request : requests) {
      if (request.flags.sync()) {
        return true;
      }
    }
    return false;
  }

  /** Whether all members want the same of the log, and none of them a sync. */
  boolean isUniform() {
    boolean disableWal = requests.getFirst().flags.disableWal();
    for (CommitRequest request : requests) {
      if (request.flags.sync() || request.flags.disableWal() != disableWal) {
        return false;
      }
    }
    return true;
  }

  /** How many writers there are: those in it, and those who wait behind them. */
  int crowd() {
    return crowd;
  }

  void crowd(int writers) {
    crowd = writers;
  }

  boolean refusesSlowdown() {
    return requests.getFirst().flags.noSlowdown();
  }

  void expectAppliers(int count) {
    unapplied.set(count);
  }

  /** Returns true for the last one. */
  boolean applied() {
    return unapplied.decrementAndGet() == 0;
  }

  boolean allApplied() {
    return unapplied.get() == 0;
  }
}
