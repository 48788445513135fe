package dwarf.fabric.ucx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Hands the requests of one connection on in the order they were sent. UCX delivers a message when
 * its last byte is there, and promises no order between two: where it spreads a large one over
 * several paths, a small one may pass it. Bounded in number and bytes; a peer that goes beyond, or
 * uses a place twice, has broken the protocol. Confined to the progress thread.
 */
final class RequestOrder {

  private static final int MOST_AHEAD = 1 << 16;

  private record Held(MessageHead head, byte[] payload) {}

  private final long maxHeldBytes;
  private final BiConsumer<MessageHead, byte[]> next;
  private final Map<Integer, Held> held = new HashMap<>();
  private int expected;
  private long heldBytes;

  RequestOrder(long maxHeldBytes, BiConsumer<MessageHead, byte[]> next) {
    this.maxHeldBytes = maxHeldBytes;
    this.next = next;
  }

  /** Takes one request; throws CORRUPTION if its place is impossible. */
  void take(MessageHead head, MemorySegment payload) {
    int ahead = head.order() - expected;
    byte[] bytes = payload.toArray(ValueLayout.JAVA_BYTE);
    if (ahead == 0) {
      expected++;
      next.accept(head, bytes);
      passHeld();
      return;
    }
    if (ahead < 0 || ahead > MOST_AHEAD || heldBytes + bytes.length > maxHeldBytes) {
      throw MessageHead.malformed("request out of order: " + head.order() + " before " + expected);
    }
    if (held.putIfAbsent(head.order(), new Held(head, bytes)) != null) {
      throw MessageHead.malformed("two requests with the place " + head.order());
    }
    heldBytes += bytes.length;
  }

  private void passHeld() {
    for (Held due = held.remove(expected); due != null; due = held.remove(expected)) {
      expected++;
      heldBytes -= due.payload.length;
      next.accept(due.head, due.payload);
    }
  }
}
