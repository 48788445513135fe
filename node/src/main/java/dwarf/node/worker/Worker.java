package dwarf.node.worker;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.WorkerInfo;
import dwarf.protocol.WorkerLease;
import dwarf.storage.SstStore;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that lends its CPU and its path to storage to flushes.
 *
 * <p>Threads: one takes tasks, and only while a slot is free; one per slot runs them; one keeps the
 * leases. A memory node that does not answer, or that has restarted and no longer knows this
 * worker, is asked again after a pause; running attempts live on as long as their leases can.
 */
public final class Worker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final String CLOSING = "the worker is shutting down";

  private final WorkerConfig config;
  private final StagePaths paths;
  private final MemoryNodeClient client;
  private final Heartbeats heartbeats;
  private final Semaphore slots;
  private final ExecutorService runners;
  private final Thread taker;
  private final ReentrantLock startLock = new ReentrantLock();

  /** What was last logged, null if all is well; used by the taking thread only. */
  private Kind trouble;

  /** Written under {@link #startLock}: after it nothing starts. */
  private volatile boolean closing;

  private record Registration(WorkerLease lease, UUID incarnation) {}

  private Worker(WorkerConfig config) {
    this.config = config;
    this.paths = new StagePaths(config.storageRoot());
    this.client =
        new MemoryNodeClient(config.fabric(), config.memoryNode(), config.tuning().client());
    this.heartbeats = new Heartbeats(config.name(), client, config.tuning().clock());
    this.slots = new Semaphore(config.slots());
    String prefix = "dwarf-worker-" + config.name();
    this.runners =
        Executors.newFixedThreadPool(
            config.slots(), Thread.ofPlatform().daemon().name(prefix + "-slot-", 0).factory());
    this.taker = Thread.ofPlatform().daemon().name(prefix + "-take").unstarted(this::takeTasks);
  }

  /** Starts working; the memory node need not be there yet. */
  public static Worker start(WorkerConfig config) {
    Worker worker = new Worker(config);
    worker.taker.start();
    return worker;
  }

  /** How many tasks run now. */
  public int running() {
    return heartbeats.running();
  }

  /** Whether a task that has to stop has not stopped yet. */
  boolean isAbandoning() {
    return heartbeats.isAbandoning();
  }

  /** Gives running tasks back as failed, so that their owners repeat them at once. */
  @Override
  public void close() {
    startLock.lock();
    try {
      if (closing) {
        return;
      }
      closing = true;
      runners.shutdown();
    } finally {
      startLock.unlock();
    }
    heartbeats.abandonAll(Kind.UNAVAILABLE, CLOSING);
    runners.close();
    client.close();
    LockSupport.unpark(taker);
    Threads.join(taker);
    heartbeats.close();
  }

  private void takeTasks() {
    Registration registration = null;
    while (!closing) {
      try {
        if (registration == null) {
          registration = register();
        }
        takeOne(registration);
      } catch (DwarfException e) {
        if (closing) {
          return;
        }
        if (e.kind() == Kind.STALE_HANDLE) {
          registration = null;
        } else {
          tellTrouble(e);
          pause();
        }
      } catch (RuntimeException e) {
        LOG.error("bug while taking tasks; going on", e);
        pause();
      }
    }
  }

  /** Once per kind of trouble, not once per attempt. */
  private void tellTrouble(DwarfException e) {
    if (e.kind() != trouble) {
      LOG.warn("no tasks from memory node {}: {}", config.memoryNode(), e.getMessage());
      trouble = e.kind();
    }
  }

  private Registration register() {
    WorkerInfo info =
        new WorkerInfo(
            config.name(),
            config.slots(),
            config.tuning().storageCapBytesPerSecond(),
            SstStore.rocksVersion(),
            WorkerInfo.BYTEWISE);
    UUID incarnation = client.hello().incarnation();
    WorkerLease lease = client.register(info);
    heartbeats.useLease(lease.lease());
    LOG.info("worker {} registered at {}", config.name(), config.memoryNode());
    config.steps().reached("worker.registered");
    return new Registration(lease, incarnation);
  }

  private void takeOne(Registration registration) {
    slots.acquireUninterruptibly();
    boolean started = false;
    try {
      if (closing) {
        return;
      }
      WorkerLease lease = registration.lease();
      long asked = config.tuning().clock().nanoTime();
      Optional<FlushTask> task = client.take(lease.worker(), takeWait(lease));
      trouble = null;
      if (task.isPresent()) {
        started = start(new Attempt(task.get(), lease.worker(), asked), registration);
      }
    } finally {
      if (!started) {
        slots.release();
      }
    }
  }

  /** Well within the lease, since asking for a task is what keeps an idle worker known. */
  private Duration takeWait(WorkerLease lease) {
    Duration most = lease.lease().dividedBy(2);
    Duration wanted = config.tuning().takeWait();
    return wanted.compareTo(most) < 0 ? wanted : most;
  }

  private boolean start(Attempt attempt, Registration registration) {
    startLock.lock();
    try {
      if (!closing) {
        heartbeats.add(attempt);
        runners.execute(() -> run(attempt, registration));
        return true;
      }
    } finally {
      startLock.unlock();
    }
    client.fail(attempt.worker(), attempt.task().attempt(), Kind.UNAVAILABLE, CLOSING);
    return false;
  }

  private void run(Attempt attempt, Registration registration) {
    try {
      new TaskRun(config, paths, client, registration.incarnation(), attempt).run();
    } finally {
      heartbeats.remove(attempt);
      slots.release();
    }
  }

  private void pause() {
    long start = System.nanoTime();
    long nanos = config.tuning().retryPause().toNanos();
    long left = nanos;
    while (left > 0 && !closing) {
      LockSupport.parkNanos(this, Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
      left = nanos - (System.nanoTime() - start);
    }
  }
}
