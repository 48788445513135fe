package dwarf.node.memory;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.StepListener;
import dwarf.jobs.WorkerLoad;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.Placement;
import dwarf.protocol.TaskStatus;
import dwarf.protocol.WorkerInfo;
import dwarf.protocol.WorkerLease;
import dwarf.protocol.WorkerRequests.Holder;
import dwarf.protocol.WorkerRequests.Taken;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Where flush tasks meet workers: placement, leases, results. Knows no fabric; what waits is a
 * future.
 *
 * <p>T1. An attempt has one worker, chosen when it is submitted, and one outcome, the first that is
 * reported; a second one is refused, unless it repeats the first. T2. An attempt whose worker was
 * not heard of for the lease is forgotten: its owner sees LOST, its worker "not held", a late
 * result STALE_HANDLE. T3. A forgotten and an unknown attempt are the same, so that a restart of
 * the node needs no memory. T4. Attempts, workers and waiting calls are bounded; nothing waits
 * longer than {@link #MAX_WAIT}. T5. Futures are completed outside the lock, since completing one
 * may run the code of whoever waits.
 *
 * <p>An attempt that no thread of the worker has taken yet lives as long as the worker; one that
 * was taken needs heartbeats of its own. Thread-safe.
 */
final class TaskBoard {

  static final int MAX_TASKS = 4096;
  static final int MAX_WORKERS = 1024;
  static final int MAX_WAITING = 4096;
  static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private final Clock clock;
  private final long leaseNanos;
  private final StepListener steps;
  private final SecureRandom random = new SecureRandom();

  private final Map<Long, BoardWorker> workers = new HashMap<>();
  private final Map<UUID, BoardTask> tasks = new HashMap<>();
  private final Waiting waiting = new Waiting(MAX_WAITING);

  TaskBoard(Clock clock, Duration lease, StepListener steps) {
    this.clock = clock;
    this.leaseNanos = lease.toNanos();
    this.steps = steps;
  }

  synchronized WorkerLease register(WorkerInfo info, long peer) {
    if (workers.size() >= MAX_WORKERS) {
      throw busy("it has " + MAX_WORKERS + " workers");
    }
    BoardWorker worker = new BoardWorker(newWorkerId(), info, peer, clock.nanoTime());
    workers.put(worker.id, worker);
    return new WorkerLease(worker.id, Duration.ofNanos(leaseNanos));
  }

  /** Places a task; repeating a submission repeats its answer. */
  Placement submit(FlushTask task, double ownerScore) {
    List<Runnable> after = new ArrayList<>();
    Placement placement = place(task, ownerScore, after);
    after.forEach(Runnable::run);
    if (placement.placed()) {
      steps.reached("memory-node.task-placed");
    }
    return placement;
  }

  /** Completes when the attempt has ended, or with RUNNING when the wait is over. */
  synchronized CompletableFuture<TaskStatus> await(UUID attempt, Duration patience, long peer) {
    BoardTask task = tasks.get(attempt);
    if (task == null) {
      return CompletableFuture.completedFuture(new TaskStatus.Lost());
    }
    if (task.outcome != null) {
      return CompletableFuture.completedFuture(task.outcome);
    }
    if (patience.isZero()) {
      return CompletableFuture.completedFuture(new TaskStatus.Running(task.progressBytes));
    }
    Waiting.Call<TaskStatus> call = waiting.add(peer, deadline(patience));
    task.awaiting.add(call);
    return call.future();
  }

  void cancel(UUID attempt) {
    List<Runnable> after = new ArrayList<>();
    synchronized (this) {
      BoardTask task = tasks.get(attempt);
      if (task != null) {
        forget(task, after);
      }
    }
    after.forEach(Runnable::run);
  }

  /** Completes with a task for this worker, or without one when the wait is over. */
  synchronized CompletableFuture<Taken> take(long workerId, Duration patience, long peer) {
    BoardWorker worker = heard(workerId, peer);
    BoardTask task = worker.queue.poll();
    if (task != null) {
      return CompletableFuture.completedFuture(handOver(task));
    }
    if (patience.isZero()) {
      return CompletableFuture.completedFuture(new Taken(Optional.empty()));
    }
    worker.taking.removeIf(call -> !waiting.isOpen(call));
    if (worker.taking.size() >= worker.info.slots()) {
      throw busy("worker " + worker.info.name() + " already waits with all its slots");
    }
    Waiting.Call<Taken> call = waiting.add(peer, deadline(patience));
    worker.taking.add(call);
    return call.future();
  }

  /** Whether the worker still holds the attempt. */
  synchronized boolean heartbeat(Holder holder, long progressBytes, long rate, long peer) {
    if (!workers.containsKey(holder.worker())) {
      return false;
    }
    BoardWorker worker = heard(holder.worker(), peer);
    worker.storageBytesPerSecond = rate;
    BoardTask task = tasks.get(holder.attempt());
    if (task == null || task.worker != worker || task.outcome != null) {
      return false;
    }
    task.lastHeard = clock.nanoTime();
    task.progressBytes = progressBytes;
    return true;
  }

  void complete(Holder holder, FlushResult result, long peer) {
    if (!result.attempt().equals(holder.attempt())) {
      throw DwarfException.invalid(
          "the result of attempt " + result.attempt() + " was handed in for " + holder.attempt());
    }
    end(holder, new TaskStatus.Done(result), peer);
    steps.reached("memory-node.task-completed");
  }

  void fail(Holder holder, TaskStatus.Failed failure, long peer) {
    end(holder, failure, peer);
  }

  /** Forgets the tasks of a database that belong to epochs below the given one. */
  void endEpochsBelow(UUID database, long epoch) {
    List<Runnable> after = new ArrayList<>();
    synchronized (this) {
      for (BoardTask task : List.copyOf(tasks.values())) {
        if (task.task.database().equals(database) && task.task.epoch() < epoch) {
          forget(task, after);
        }
      }
    }
    after.forEach(Runnable::run);
  }

  /** Drops what waits over a connection that has gone; a worker over it gets nothing new. */
  void closePeer(long peer) {
    List<Runnable> after = new ArrayList<>();
    synchronized (this) {
      waiting.closePeer(peer);
      for (BoardWorker worker : workers.values()) {
        if (worker.peer == peer && worker.connected) {
          worker.connected = false;
          List.copyOf(worker.queue).forEach(task -> forget(task, after));
        }
      }
    }
    after.forEach(Runnable::run);
  }

  /** Ends what has waited long enough and whose lease has run out; called again and again. */
  void tick() {
    List<Runnable> after = new ArrayList<>();
    synchronized (this) {
      long now = clock.nanoTime();
      endSilent(now, after);
      for (BoardTask task : tasks.values()) {
        task.awaiting.removeIf(
            call ->
                waiting.endIfDue(
                    call, now, () -> new TaskStatus.Running(task.progressBytes), after));
      }
      for (BoardWorker worker : workers.values()) {
        worker.taking.removeIf(
            call -> waiting.endIfDue(call, now, () -> new Taken(Optional.empty()), after));
      }
    }
    after.forEach(Runnable::run);
  }

  synchronized int taskCount() {
    return tasks.size();
  }

  synchronized int waitingCount() {
    return waiting.size();
  }

  private synchronized Placement place(FlushTask task, double ownerScore, List<Runnable> after) {
    BoardTask known = tasks.get(task.attempt());
    if (known != null) {
      return known.placement();
    }
    if (tasks.size() >= MAX_TASKS) {
      throw busy("it has " + MAX_TASKS + " flush tasks");
    }
    List<WorkerLoad> loads =
        workers.values().stream()
            .filter(worker -> worker.connected)
            .map(BoardWorker::load)
            .toList();
    Optional<WorkerLoad> chosen = dwarf.jobs.Placement.choose(loads, ownerScore);
    if (chosen.isEmpty()) {
      return Placement.DECLINED;
    }
    BoardTask placed = new BoardTask(task, workers.get(chosen.get().worker()), clock.nanoTime());
    tasks.put(task.attempt(), placed);
    placed.worker.tasks.add(placed);
    placed.worker.queue.add(placed);
    serve(placed.worker, after);
    return placed.placement();
  }

  private void serve(BoardWorker worker, List<Runnable> after) {
    while (!worker.queue.isEmpty() && !worker.taking.isEmpty()) {
      Waiting.Call<Taken> call = worker.taking.removeFirst();
      if (waiting.isOpen(call)) {
        Taken taken = handOver(worker.queue.poll());
        waiting.end(call, () -> taken, after);
      }
    }
  }

  private Taken handOver(BoardTask task) {
    task.taken = true;
    task.lastHeard = clock.nanoTime();
    return new Taken(Optional.of(task.task));
  }

  private void end(Holder holder, TaskStatus outcome, long peer) {
    List<Runnable> after = new ArrayList<>();
    synchronized (this) {
      BoardWorker worker = heard(holder.worker(), peer);
      BoardTask task = tasks.get(holder.attempt());
      if (task == null || task.worker != worker) {
        throw lost(holder);
      }
      if (task.outcome == null) {
        task.outcome = outcome;
        task.lastHeard = clock.nanoTime();
        worker.release(task);
        task.awaiting.forEach(call -> waiting.end(call, () -> outcome, after));
        task.awaiting.clear();
      } else if (task.outcome.getClass() != outcome.getClass()) {
        throw lost(holder);
      }
    }
    after.forEach(Runnable::run);
  }

  private void endSilent(long now, List<Runnable> after) {
    Iterator<BoardWorker> each = workers.values().iterator();
    while (each.hasNext()) {
      BoardWorker worker = each.next();
      if (now - worker.lastHeard > leaseNanos) {
        List.copyOf(worker.tasks).forEach(task -> forget(task, after));
        each.remove();
      }
    }
    for (BoardTask task : List.copyOf(tasks.values())) {
      if ((task.taken || task.outcome != null) && now - task.lastHeard > silence(task)) {
        forget(task, after);
      }
    }
  }

  /** An outcome is kept longer than a lease, so that its owner has time to ask for it. */
  private long silence(BoardTask task) {
    return task.outcome == null ? leaseNanos : leaseNanos + 2 * MAX_WAIT.toNanos();
  }

  private void forget(BoardTask task, List<Runnable> after) {
    tasks.remove(task.task.attempt());
    task.worker.release(task);
    task.awaiting.forEach(call -> waiting.end(call, TaskStatus.Lost::new, after));
    task.awaiting.clear();
  }

  private BoardWorker heard(long workerId, long peer) {
    BoardWorker worker = workers.get(workerId);
    if (worker == null) {
      throw new DwarfException(
          Kind.STALE_HANDLE,
          "this node does not know the worker (its lease ran out, or the node restarted): register"
              + " again");
    }
    worker.lastHeard = clock.nanoTime();
    worker.peer = peer;
    worker.connected = true;
    return worker;
  }

  private long newWorkerId() {
    long id = random.nextLong();
    while (id == 0 || workers.containsKey(id)) {
      id = random.nextLong();
    }
    return id;
  }

  private long deadline(Duration patience) {
    Duration bounded = patience.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : patience;
    return clock.nanoTime() + bounded.toNanos();
  }

  private static DwarfException lost(Holder holder) {
    return new DwarfException(
        Kind.STALE_HANDLE,
        "attempt "
            + holder.attempt()
            + " is not held by this worker any more (its lease ran out,"
            + " or it was cancelled): delete its files");
  }

  private static DwarfException busy(String why) {
    return new DwarfException(Kind.BUSY, "the memory node is full: " + why + "; retry later");
  }
}
