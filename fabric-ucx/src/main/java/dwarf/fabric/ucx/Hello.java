package dwarf.fabric.ucx;

import static dwarf.fabric.ucx.MessageHead.INT;
import static dwarf.fabric.ucx.MessageHead.SHORT;

import dwarf.fabric.FabricOptions;
import java.lang.foreign.MemorySegment;

/**
 * What each side tells the other once, little endian.
 *
 * <pre>
 *   0                 2                  4                 8                  12          16
 *   | lowest version  | highest version  | max frame bytes | idle time-out ms | abilities |
 *   | u16 = 1         | u16 = 1          | u32             | u32              | u32       |
 * </pre>
 *
 * @param maxFrameBytes the largest message the sender accepts
 * @param idleMillis after this long a silence the sender gives the connection up
 * @param abilities {@link #VERBS}: the network card serves one-sided operations here; {@link
 *     #LANE}: this connection is for such operations only; {@link #BUNDLES}: answers may come as
 *     {@link Bundle}
 */
record Hello(int lowest, int highest, int maxFrameBytes, int idleMillis, int abilities) {

  static final int BYTES = 16;
  static final int VERBS = 1;
  static final int LANE = 2;
  static final int BUNDLES = 4;

  static Hello of(FabricOptions options, int abilities) {
    long idle = Math.min(options.idleTimeout().toMillis(), Integer.MAX_VALUE);
    return new Hello(
        MessageHead.VERSION, MessageHead.VERSION, options.maxFrameBytes(), (int) idle, abilities);
  }

  boolean has(int ability) {
    return (abilities & ability) != 0;
  }

  Outgoing message(MessageType type) {
    MemorySegment payload = MemorySegment.ofArray(new byte[BYTES]);
    payload.set(SHORT, 0, (short) lowest);
    payload.set(SHORT, 2, (short) highest);
    payload.set(INT, 4, maxFrameBytes);
    payload.set(INT, 8, idleMillis);
    payload.set(INT, 12, abilities);
    return Outgoing.of(type, 0, 0, payload);
  }

  /** Reads a payload of exactly {@link #BYTES}, or throws CORRUPTION. */
  static Hello decode(MemorySegment in) {
    Hello hello =
        new Hello(
            in.get(SHORT, 0) & 0xffff,
            in.get(SHORT, 2) & 0xffff,
            in.get(INT, 4),
            in.get(INT, 8),
            in.get(INT, 12));
    if (hello.lowest > MessageHead.VERSION || hello.highest < MessageHead.VERSION) {
      throw MessageHead.malformed(
          "the peer speaks protocol versions "
              + hello.lowest
              + " to "
              + hello.highest
              + ", this side speaks "
              + MessageHead.VERSION);
    }
    if (hello.maxFrameBytes <= 0 || hello.idleMillis <= 0 || hello.abilities >>> 3 != 0) {
      throw MessageHead.malformed("greeting with impossible values: " + hello);
    }
    return hello;
  }
}
