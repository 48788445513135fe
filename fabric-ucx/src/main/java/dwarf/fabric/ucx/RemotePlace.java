package dwarf.fabric.ucx;

import static dwarf.fabric.ucx.MessageHead.INT;
import static dwarf.fabric.ucx.MessageHead.LONG;

import dwarf.fabric.RemoteKey;
import dwarf.fabric.spi.RegionTable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a one-sided operation goes, or which key is meant: the second half of the head of WRITE,
 * READ, RESOLVE and REVOKED, little endian. The last two name the key only.
 *
 * <pre>
 *   32           40            48       56       60        64
 *   | key low    | key high    | offset | length | reserved |
 *   | u64        | u64         | u64    | u32    | 0        |
 * </pre>
 */
record RemotePlace(long keyLow, long keyHigh, long offset, int length) {

  static final int BYTES = 32;

  static RemotePlace of(RemoteKey key, long offset, int length) {
    ByteBuffer words = RegionTable.words(key);
    return new RemotePlace(words.getLong(0), words.getLong(8), offset, length);
  }

  RemoteKey key() {
    ByteBuffer words = ByteBuffer.allocate(RegionTable.KEY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return new RemoteKey(words.putLong(keyLow).putLong(keyHigh).array());
  }

  RemotePlace part(long from, int size) {
    return new RemotePlace(keyLow, keyHigh, offset + from, size);
  }

  void encode(MemorySegment out) {
    out.set(LONG, 0, keyLow);
    out.set(LONG, 8, keyHigh);
    out.set(LONG, 16, offset);
    out.set(INT, 24, length);
    out.set(INT, 28, 0);
  }

  /** Reads {@link #BYTES}, or throws CORRUPTION. */
  static RemotePlace decode(MemorySegment in, int maxBytes) {
    RemotePlace place =
        new RemotePlace(in.get(LONG, 0), in.get(LONG, 8), in.get(LONG, 16), in.get(INT, 24));
    if (place.length < 0 || place.length > maxBytes) {
      throw MessageHead.malformed(
          "one-sided access of "
              + Integer.toUnsignedString(place.length)
              + " bytes, the largest message is "
              + maxBytes);
    }
    if (in.get(INT, 28) != 0) {
      throw MessageHead.malformed("reserved bytes are not zero");
    }
    return place;
  }

  @Override
  public String toString() {
    return "RemotePlace[offset " + offset + ", length " + length + "]";
  }
}
