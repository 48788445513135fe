package dwarf.fabric.shm;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Wakes the other side of a connection as it wants to be woken; see {@link Ring} R1.
 *
 * <p>W1. A peer that is ASLEEP is woken at once. One that is AWAY is left alone while the loop is
 * awake, which looks after {@link #BACK_SOON_NANOS} whether it came back, and before it sleeps
 * itself. W2. What is AWAY and not yet looked after is told by {@code overduePosition}, which is
 * set before the loop's {@code asleep} is looked at, while the loop does it in the other order
 * (T1).
 *
 * <p>Thread-safe, as far as the ring is mapped; the methods of the loop belong to it alone.
 */
final class PeerWaker {

  /** How long a consumer that is AWAY has before it is woken: a few exchanges. */
  private static final long BACK_SOON_NANOS = 10_000;

  private final Ring ring;
  private final SocketChannel socket;
  private final ShmLoop loop;
  private final boolean loopSpins;
  private volatile long overduePosition;

  private long overdueSince; // the loop's
  private long consumed; // the loop's

  PeerWaker(Ring ring, SocketChannel socket, ShmLoop loop, boolean loopSpins) {
    this.ring = ring;
    this.socket = socket;
    this.loop = loop;
    this.loopSpins = loopSpins;
  }

  /** Something was published, up to this position; under the lock of those who publish. */
  void published(long position) {
    VarHandle.fullFence();
    int how = ring.waking();
    if (how == Ring.POLLED) {
      return;
    }
    if (how == Ring.AWAY && loopSpins) {
      overduePosition = position;
      VarHandle.fullFence();
      if (!loop.isAsleep()) {
        return;
      }
    }
    wake(how);
  }

  /** The peer has something to do, even if it polls only now and then. */
  void wake() {
    wake(ring.waking());
  }

  private void wake(int how) {
    if (how != Ring.POLLED && ring.takeWaking(how)) {
      send(SocketProtocol.WAKE);
    }
  }

  /** Wakes a peer that has not come back in time; on the loop. */
  void wakeIfOverdue() {
    if (!isOverdue()) {
      return;
    }
    long now = System.nanoTime();
    if (overdueSince == 0) {
      overdueSince = now;
    } else if (now - overdueSince > BACK_SOON_NANOS) {
      overdueSince = 0;
      wake();
    }
  }

  /** Wakes a peer that has not come back yet; on the loop, which is about to sleep. */
  void wakeBeforeSleep() {
    if (isOverdue()) {
      wake();
    }
  }

  /** Whether the peer has not yet taken what it was not woken for. */
  private boolean isOverdue() {
    if (overduePosition <= consumed) {
      return false;
    }
    long head = ring.head();
    if (head != consumed) {
      consumed = head;
      overdueSince = 0;
    }
    return head < overduePosition;
  }

  void ping() {
    send(SocketProtocol.PING);
  }

  private void send(byte signal) {
    SocketProtocol.send(socket, ByteBuffer.wrap(new byte[] {signal}));
  }
}
