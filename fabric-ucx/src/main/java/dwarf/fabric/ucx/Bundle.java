package dwarf.fabric.ucx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Small requests or answers that go out as one message, which costs one system call over TCP and
 * one crossing into UCX. What one turn has to say goes out at its end. A message alone goes as it
 * is.
 *
 * <p>The payload of a BUNDLE is messages one behind the other, heads included, with nothing between
 * them: REQUESTs to the accepting side, REPLY and ERROR of operations to the connecting one.
 *
 * <pre>
 *   | head of a BUNDLE | head | payload | head | payload | ...
 *   | 32 bytes         | 32   | as its head says | ...
 * </pre>
 *
 * <p>Confined to the turn.
 */
final class Bundle {

  /** Larger messages gain nothing. */
  static final int MOST_PART_BYTES = 1 << 10;

  private static final int MOST_BYTES = 4 << 10;

  private final List<Outgoing> parts = new ArrayList<>();
  private int bytes;

  static boolean takes(Outgoing message) {
    return message.bytes() <= MOST_PART_BYTES;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  boolean hasRoomFor(Outgoing message) {
    return bytes + message.bytes() <= MOST_BYTES;
  }

  void add(Outgoing message) {
    parts.add(message);
    bytes += (int) message.bytes();
  }

  /** One message of what was added, and from now on empty. */
  Outgoing take() {
    List<Outgoing> taken = List.copyOf(parts);
    int length = bytes;
    parts.clear();
    bytes = 0;
    if (taken.size() == 1) {
      return taken.getFirst();
    }
    return Outgoing.build(MessageType.BUNDLE, 0, 0, length, out -> write(taken, out))
        .whenGone(() -> taken.forEach(Outgoing::release));
  }

  private static void write(List<Outgoing> parts, MemorySegment out) {
    long at = 0;
    for (Outgoing part : parts) {
      for (MemorySegment piece : List.of(part.head(), part.data())) {
        MemorySegment.copy(piece, 0, out, at, piece.byteSize());
        at += piece.byteSize();
      }
    }
  }

  /** Hands on each message of a bundle, or throws CORRUPTION at the first that must not be. */
  static void read(
      MemorySegment bundle, Set<MessageType> types, BiConsumer<MessageHead, MemorySegment> each) {
    long at = 0;
    while (at < bundle.byteSize()) {
      long left = bundle.byteSize() - at;
      MessageHead head =
          MessageHead.decode(
              bundle.asSlice(at, Math.min(left, MessageHead.BYTES)), (int) bundle.byteSize());
      if (!types.contains(head.type()) || head.id() == 0) {
        throw MessageHead.malformed(head.type() + " with id " + head.id() + " in a bundle");
      }
      if (head.length() > left - MessageHead.BYTES) {
        throw MessageHead.malformed(head.type() + " that is longer than its bundle");
      }
      MemorySegment payload = bundle.asSlice(at + MessageHead.BYTES, head.length());
      head.checkPayload(payload);
      each.accept(head, payload);
      at += MessageHead.BYTES + head.length();
    }
  }
}
