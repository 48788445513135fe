package dwarf.fabric.shm;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way into a ring for many threads. What fits goes into the ring at once, on the thread that
 * sends it; what does not waits here, for whoever pumps next. Messages go before transfers, whose
 * chunks take turns, so a request waits for one chunk and not for a shard. Nobody ever waits for
 * the ring under the lock.
 *
 * <p>O1. If something waits, the ring says so ({@link Ring#isBlocked}), and was found full after it
 * did; so the consumer, who makes room and then looks, will tell, if the producer's side sleeps. So
 * that side looks for room once more after it has said that it sleeps ({@link #pumpSurely}). O2.
 * What waits is bounded by the sender's operations in flight, or by {@link #message}'s bound.
 */
final class Outbox {

  private static final int MOST_AT_ONCE = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final RingProducer ring;
  private final Runnable published;
  private final ArrayDeque<OutMessage> messages = new ArrayDeque<>();
  private final ArrayDeque<Sendable> transfers = new ArrayDeque<>();
  private long waitingBytes;
  private volatile boolean blocked;
  private boolean closed;
  private volatile boolean backlog;

  /**
   * An outbox for the ring.
   *
   * @param published called under the lock when there is something new in the ring
   */
  Outbox(RingProducer ring, Runnable published) {
    this.ring = ring;
    this.published = published;
  }

  boolean hasBacklog() {
    return backlog;
  }

  /** Whether something waits that the consumer will not tell about: pump soon. */
  boolean needsPump() {
    return backlog && !blocked;
  }

  /**
   * Sends a message, whose payload is free again afterwards.
   *
   * @param mostWaiting payload bytes that may wait, unless nothing else does
   * @return false if more would wait; then nothing was sent
   */
  boolean message(OutMessage message, long mostWaiting) {
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      if (messages.isEmpty()) {
        Sendable.Push last = pushAll(message);
        published.run();
        if (last == Sendable.Push.DONE) {
          return true;
        }
      } else if (waitingBytes + message.total() > mostWaiting) {
        return false;
      }
      message.detach();
      messages.add(message);
      waitingBytes += message.total();
      pumpLocked();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private Sendable.Push pushAll(OutMessage message) {
    Sendable.Push last;
    do {
      last = message.push(ring);
    } while (last == Sendable.Push.MORE);
    return last;
  }

  void transfer(Sendable transfer) {
    lock.lock();
    try {
      if (!closed) {
        transfers.add(transfer);
        pumpLocked();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends what waits, as far as there is room, unless another thread is sending; returns how many
   * records that were.
   */
  int pump() {
    return backlog && lock.tryLock() ? pumpAndUnlock() : 0;
  }

  /** As {@link #pump}, but waits for other threads; for the last look before a sleep. */
  int pumpSurely() {
    if (!backlog) {
      return 0;
    }
    lock.lock();
    return pumpAndUnlock();
  }

  private int pumpAndUnlock() {
    try {
      return closed ? 0 : pumpLocked();
    } finally {
      lock.unlock();
    }
  }

  private int pumpLocked() {
    backlog = true;
    int pushed = 0;
    while (pushed < MOST_AT_ONCE) {
      Sendable.Push push = messages.isEmpty() ? pushTransfer() : pushMessage();
      if (push == null) {
        calm();
        break;
      }
      if (push != Sendable.Push.FULL) {
        pushed++;
      } else if (blocked) {
        break;
      } else {
        blocked = true;
        ring.ring().blocked(true);
        VarHandle.fullFence();
      }
    }
    if (pushed > 0) {
      published.run();
    }
    return pushed;
  }

  private void calm() {
    backlog = false;
    if (blocked) {
      blocked = false;
      ring.ring().blocked(false);
    }
  }

  private Sendable.Push pushMessage() {
    OutMessage next = messages.peek();
    Sendable.Push push = next.push(ring);
    if (push == Sendable.Push.DONE) {
      waitingBytes -= next.total();
      messages.remove();
    }
    return push;
  }

  /** Null if there is none. */
  private Sendable.Push pushTransfer() {
    Sendable next = transfers.peek();
    if (next == null) {
      return null;
    }
    Sendable.Push push = next.push(ring);
    if (push != Sendable.Push.FULL) {
      transfers.remove();
    }
    if (push == Sendable.Push.MORE) {
      transfers.add(next);
    }
    return push;
  }

  /** Runs the action when nobody is sending any more; nothing is sent afterwards. */
  void close(Runnable action) {
    lock.lock();
    try {
      closed = true;
      backlog = false;
      messages.clear();
      transfers.clear();
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
