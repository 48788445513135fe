package dwarf.fabric.shm;

import java.util.Arrays;

/**
 * Puts a message together from its records. The array grows with what has come: a peer that
 * announces much and sends little costs little.
 */
final class Assembly {

  private final long id;
  private final RecordType type;
  private final int total;
  private byte[] bytes = {};
  private int filled;

  Assembly(RecordHeader first, int mostBytes) {
    id = first.id();
    type = first.type();
    total = first.total();
    if (total > mostBytes) {
      throw RecordHeader.malformed(
          type + " of " + total + " bytes, the largest message is " + mostBytes);
    }
  }

  /** Adds a record; returns the whole message if it was the last, else null. */
  byte[] add(RecordHeader header, byte[] part) {
    boolean fits =
        header.id() == id
            && header.type() == type
            && header.total() == total
            && part.length <= total - filled;
    if (!fits || header.hasMore() == (filled + part.length == total)) {
      throw RecordHeader.malformed("a part of " + type + " that does not continue the one before");
    }
    if (filled == 0 && part.length == total) {
      return part;
    }
    if (bytes.length < filled + part.length) {
      long doubled = Math.max(2L * bytes.length, filled + part.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(total, doubled));
    }
    System.arraycopy(part, 0, bytes, filled, part.length);
    filled += part.length;
    return header.hasMore() ? null : bytes;
  }
}
