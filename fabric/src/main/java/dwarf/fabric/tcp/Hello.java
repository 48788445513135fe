package dwarf.fabric.tcp;

import dwarf.fabric.FabricOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What each side tells the other once, little endian.
 *
 * <pre>
 *   0                 2                  4                 8                  12        16
 *   | lowest version  | highest version  | max frame bytes | idle time-out ms | reserved |
 *   | u16 = 1         | u16 = 1          | u32             | u32              | 0        |
 * </pre>
 *
 * @param maxFrameBytes the largest message the sender accepts
 * @param idleMillis after this long a silence the sender gives the connection up
 */
record Hello(int lowest, int highest, int maxFrameBytes, int idleMillis) {

  static final int BYTES = 16;

  static Hello of(FabricOptions options) {
    long idle = Math.min(options.idleTimeout().toMillis(), Integer.MAX_VALUE);
    return new Hello(FrameHeader.VERSION, FrameHeader.VERSION, options.maxFrameBytes(), (int) idle);
  }

  ByteBuf frame(ByteBufAllocator memory, FrameType type) {
    return Frames.build(
        memory,
        new Frames.Message(type, 0, 0),
        BYTES,
        out -> {
          out.writeShortLE(lowest);
          out.writeShortLE(highest);
          out.writeIntLE(maxFrameBytes);
          out.writeIntLE(idleMillis);
          out.writeIntLE(0);
        });
  }

  /** Reads a payload of exactly {@link #BYTES}, or throws CORRUPTION. */
  static Hello decode(ByteBuf in) {
    Hello hello =
        new Hello(
            in.readUnsignedShortLE(), in.readUnsignedShortLE(), in.readIntLE(), in.readIntLE());
    if (hello.lowest > FrameHeader.VERSION || hello.highest < FrameHeader.VERSION) {
      throw FrameHeader.malformed(
          "the peer speaks protocol versions "
              + hello.lowest
              + " to "
              + hello.highest
              + ", this side speaks "
              + FrameHeader.VERSION);
    }
    if (hello.maxFrameBytes <= 0 || hello.idleMillis <= 0 || in.readIntLE() != 0) {
      throw FrameHeader.malformed("greeting with impossible values: " + hello);
    }
    return hello;
  }
}
