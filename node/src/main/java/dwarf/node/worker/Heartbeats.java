package dwarf.node.worker;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.protocol.MemoryNodeClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of running attempts, on a thread of its own, so that a task that waits for a
 * slow read does not lose its lease. An attempt is abandoned when the memory node says so, or when
 * the node has not been heard of for a whole lease: the owner may then have started another
 * attempt.
 */
final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final int BEATS_PER_LEASE = 3;

  private final MemoryNodeClient client;
  private final Clock clock;
  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private volatile Duration lease = Duration.ofSeconds(1);
  private volatile long storageBytesPerSecond;

  /** Guarded by {@link #lock}. */
  private boolean closed;

  /** Used by the heartbeat thread only. */
  private long writtenBefore;

  private long measuredAt;

  Heartbeats(String workerName, MemoryNodeClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.measuredAt = clock.nanoTime();
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("dwarf-worker-" + workerName + "-lease")
            .start(this::beat);
  }

  void useLease(Duration granted) {
    lease = granted;
  }

  void add(Attempt attempt) {
    running.add(attempt);
  }

  void remove(Attempt attempt) {
    running.remove(attempt);
  }

  int running() {
    return running.size();
  }

  boolean isAbandoning() {
    return running.stream().anyMatch(Attempt::isAbandoned);
  }

  /** Abandons every running attempt. */
  void abandonAll(Kind kind, String why) {
    running.forEach(attempt -> attempt.abandon(kind, why));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Threads.join(thread);
  }

  private void beat() {
    while (pause()) {
      measure();
      running.forEach(this::beat);
    }
  }

  private boolean pause() {
    lock.lock();
    try {
      long left = Math.max(1, lease.toNanos() / BEATS_PER_LEASE);
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException e) {
      LOG.warn("the lease thread was interrupted; running tasks will be given up by their owners");
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void beat(Attempt attempt) {
    try {
      long sent = clock.nanoTime();
      boolean held =
          client.heartbeat(
              attempt.worker(),
              attempt.task().attempt(),
              attempt.bytesRead(),
              storageBytesPerSecond);
      if (held) {
        attempt.leaseSeen(sent);
      } else {
        attempt.abandon(Kind.STALE_HANDLE, "its lease is lost or it was cancelled");
      }
    } catch (DwarfException e) {
      missed(attempt, e);
    } catch (RuntimeException e) {
      LOG.error("bug in the heartbeat of {}; going on", attempt.describe(), e);
    }
  }

  private void missed(Attempt attempt, DwarfException failure) {
    if (failure.kind() == Kind.STALE_HANDLE) {
      attempt.abandon(Kind.STALE_HANDLE, failure.getMessage());
    } else if (clock.nanoTime() - attempt.leaseSeenAt() >= lease.toNanos()) {
      attempt.abandon(
          Kind.STALE_HANDLE, "no heartbeat got through for a lease: " + failure.getMessage());
    } else {
      LOG.debug("heartbeat of {} failed: {}", attempt.describe(), failure.getMessage());
    }
  }

  /** Half new, half old: smooth enough for placement, quick enough to follow a task's end. */
  private void measure() {
    long now = clock.nanoTime();
    long written = running.stream().mapToLong(Attempt::bytesWritten).sum();
    long elapsed = now - measuredAt;
    if (elapsed > 0) {
      double grown = Math.max(0, written - writtenBefore);
      double rate = grown * TimeUnit.SECONDS.toNanos(1) / elapsed;
      storageBytesPerSecond = (long) ((rate + storageBytesPerSecond) / 2);
      measuredAt = now;
    }
    writtenBefore = written;
  }
}
