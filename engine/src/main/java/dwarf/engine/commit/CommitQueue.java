package dwarf.engine.commit;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Turns concurrent writers into a sequence of groups.
 *
 * <p>Idea: a writer pushes itself onto a linked queue with one CAS. Who finds the queue empty
 * leads: it takes what has queued up behind it as a group, runs the stages for all, hands the lead
 * to the first writer behind the group, and wakes its members.
 *
 * <p>Q1. At most one leader exists at any time; everything a leader does is exclusive. Q2. Groups
 * commit in queue order, and a group is visible before the next one is admitted. Q3. A member that
 * wants other treatment (noSlowdown, an exclusive action) is never grouped with those before it, so
 * its outcome is its own. Q4. A failed stage fails every member of the group with the same error.
 * Q5. A write that can do without the queue passes by; one that queued up in vain does, too, when
 * it leads, so that those who come meanwhile find nobody in their way. Q6. A writer that sleeps
 * when its turn to lead comes is not waited for: the leader before it leads its group, too, a few
 * times in a row, and only groups that are admitted at once: nobody stalls for others. Q7. A leader
 * waits a moment for those who wrote to the log with it last time ({@link Gathering}).
 *
 * <p>Rejected: one thread that owns the log (handing every write over to another thread costs a
 * wake-up, which is dearer than the append), and a plain lock (no grouping of syncs).
 */
public final class CommitQueue {

  private static final long MAX_GROUP_BYTES = 1 << 20;
  private static final int MAX_GROUP_REQUESTS = 1024;

  /** Groups that one thread leads in a row, its own included. */
  private static final int MAX_LED = 4;

  /** Below this, waking the members costs more than applying their records for them. */
  private static final long PARALLEL_APPLY_BYTES = 64 << 10;

  private final AtomicReference<CommitRequest> newest = new AtomicReference<>();
  private final CommitStages stages;
  private final Gathering gathering = new Gathering();

  public CommitQueue(WritePath path) {
    this((CommitStages) path);
  }

  CommitQueue(CommitStages stages) {
    this.stages = stages;
  }

  /** Commits a batch; returns when it is visible, throws if it was refused or failed. */
  public void commit(CommitBatch batch, WriteFlags flags) {
    if (!stages.pass(batch, flags)) {
      run(new CommitRequest(batch, flags));
    }
  }

  /**
   * Commits one record past the queue, as it is; or returns false, and the caller makes it a batch
   * for {@link #commit}.
   */
  public boolean pass(
      int family, RecordType type, MemorySegment key, MemorySegment value, WriteFlags flags) {
    return stages.pass(family, type, key, value, flags);
  }

  /** Runs an action while no write is in flight and none starts. */
  public void exclusively(Runnable action) {
    run(new CommitRequest(action));
  }

  private void run(CommitRequest request) {
    CommitRequest before;
    do {
      before = newest.get();
      request.older = before;
    } while (!newest.compareAndSet(before, request));
    if (before == null) {
      lead(request);
    } else {
      follow(request);
    }
    if (request.failure != null) {
      throw rethrown(request.failure);
    }
  }

  private void follow(CommitRequest request) {
    CommitRequest.State state = request.awaitChange(CommitRequest.State.WAITING);
    if (state == CommitRequest.State.APPLY) {
      applyAsMember(request);
      state = request.awaitChange(CommitRequest.State.APPLIED);
    }
    if (state == CommitRequest.State.LEADER) {
      lead(request);
    }
  }

  private void applyAsMember(CommitRequest request) {
    CommitGroup group = request.group;
    stages.apply(request);
    request.moveTo(CommitRequest.State.APPLIED);
    if (group.applied()) {
      LockSupport.unpark(group.leader());
    }
  }

  private void lead(CommitRequest own) {
    List<CommitRequest> members = run(own, false);
    for (int led = 1; members != null; led++) {
      CommitRequest next = successor(members.getLast());
      boolean adopts = next != null && led < MAX_LED && next.isAsleep() && !next.isExclusive();
      if (next != null && !adopts) {
        next.moveTo(CommitRequest.State.LEADER);
      }
      members.forEach(member -> member.moveTo(CommitRequest.State.DONE));
      members = adopts ? run(next, true) : null;
    }
  }

  /**
   * Commits the group of that request, or runs its action.
   *
   * @param adopted whether the request is another thread's; that leads, then, if it might stall
   * @return for whom that was; null if it was not done
   */
  private List<CommitRequest> run(CommitRequest leader, boolean adopted) {
    List<CommitRequest> members = List.of(leader);
    RuntimeException failure = null;
    try {
      if (leader.isExclusive()) {
        stages.begin();
        leader.action.run();
      } else if (!stages.pass(leader.batch, leader.flags)) {
        stages.begin();
        if (!adopted) {
          gathering.await(leader.flags.sync(), () -> waitingFrom(leader));
        }
        members = collect(leader);
        CommitGroup group = new CommitGroup(members, bytesOf(members));
        if (adopted && !stages.admitsAtOnce(group)) {
          leader.moveTo(CommitRequest.State.LEADER);
          return null;
        }
        commit(group);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    for (CommitRequest member : members) {
      if (failure != null && member.failure == null) {
        member.failure = failure;
      }
    }
    return members;
  }

  private void commit(CommitGroup group) {
    stages.admit(group);
    log(group);
    applyAll(group);
    stages.publish(group);
  }

  private void log(CommitGroup group) {
    boolean sync = group.wantsSync();
    long start = sync ? System.nanoTime() : 0;
    stages.log(group);
    int writers = waitingFrom(group.requests().getFirst());
    group.crowd(writers);
    if (sync) {
      gathering.synced(writers, System.nanoTime() - start);
    } else {
      gathering.written(writers);
    }
  }

  private void applyAll(CommitGroup group) {
    List<CommitRequest> members = group.live();
    if (members.size() <= 1 || group.bytes() < PARALLEL_APPLY_BYTES) {
      members.forEach(stages::apply);
      return;
    }
    group.expectAppliers(members.size());
    for (CommitRequest member : members.subList(1, members.size())) {
      member.group = group;
      member.moveTo(CommitRequest.State.APPLY);
    }
    stages.apply(members.getFirst());
    if (!group.applied()) {
      awaitAppliers(group);
    }
  }

  private static void awaitAppliers(CommitGroup group) {
    boolean interrupted = false;
    while (!group.allApplied()) {
      LockSupport.park(group);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The leader and those behind it that may share its group; links them oldest to newest. */
  private List<CommitRequest> collect(CommitRequest leader) {
    linkNewer(leader);
    List<CommitRequest> members = new ArrayList<>();
    members.add(leader);
    long bytes = leader.batch.byteSize();
    for (CommitRequest next = leader.newer; next != null; next = next.newer) {
      if (next.isExclusive()
          || next.flags.noSlowdown() != leader.flags.noSlowdown()
          || members.size() == MAX_GROUP_REQUESTS
          || bytes + next.batch.byteSize() > MAX_GROUP_BYTES) {
        break;
      }
      bytes += next.batch.byteSize();
      members.add(next);
    }
    return members;
  }

  /** Completes the newer-links from the newest request back to one that has its link already. */
  private void linkNewer(CommitRequest leader) {
    CommitRequest at = newest.get();
    while (at != leader) {
      CommitRequest older = at.older;
      if (older.newer != null) {
        break;
      }
      older.newer = at;
      at = older;
    }
  }

  /** How many there are in the queue from that one on. */
  private int waitingFrom(CommitRequest first) {
    linkNewer(first);
    int waiting = 1;
    for (CommitRequest next = first.newer; next != null; next = next.newer) {
      waiting++;
    }
    return waiting;
  }

  /** The one that is to lead next; null if nobody waits, and then the queue is empty. */
  private CommitRequest successor(CommitRequest last) {
    if (last.newer == null && newest.compareAndSet(last, null)) {
      return null;
    }
    if (last.newer == null) {
      linkNewer(last);
    }
    CommitRequest next = last.newer;
    next.older = null;
    return next;
  }

  private static long bytesOf(List<CommitRequest> members) {
    long bytes = 0;
    for (CommitRequest member : members) {
      bytes += member.batch.byteSize();
    }
    return bytes;
  }

  /** A copy with the caller's own stack, since one failure may be shared by a group. */
  private static RuntimeException rethrown(RuntimeException failure) {
    return failure instanceof DwarfException known
        ? new DwarfException(known.kind(), known.getMessage(), known)
        : failure;
  }
}
