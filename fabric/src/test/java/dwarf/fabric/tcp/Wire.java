package dwarf.fabric.tcp;

import dwarf.fabric.FabricOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.foreign.MemorySegment;

/** Frames as byte arrays, for tests that speak the protocol by hand. */
final class Wire {

  static final UnpooledByteBufAllocator MEMORY = UnpooledByteBufAllocator.DEFAULT;

  private Wire() {}

  static byte[] bytes(ByteBuf... frames) {
    ByteBuf all = MEMORY.heapBuffer();
    for (ByteBuf frame : frames) {
      all.writeBytes(frame);
      frame.release();
    }
    byte[] bytes = ByteBufUtil.getBytes(all);
    all.release();
    return bytes;
  }

  static byte[] hello() {
    return bytes(Hello.of(FabricOptions.DEFAULTS).frame(MEMORY, FrameType.HELLO));
  }

  static byte[] welcome() {
    return bytes(Hello.of(FabricOptions.DEFAULTS).frame(MEMORY, FrameType.WELCOME));
  }

  static byte[] request(int opcode, long id, byte[] payload) {
    return bytes(
        Frames.of(
            MEMORY,
            new Frames.Message(FrameType.REQUEST, opcode, id),
            MemorySegment.ofArray(payload)));
  }

  /** A header alone, with a correct checksum, whatever it says. */
  static byte[] header(FrameType type, int length) {
    ByteBuf out = MEMORY.heapBuffer();
    new FrameHeader(type, 0, 1, length, 0).encode(out);
    return bytes(out);
  }

  /** Changes a header and makes its checksum right again. */
  static byte[] patched(byte[] frame, int at, int value) {
    byte[] copy = frame.clone();
    copy[at] = (byte) value;
    ByteBuf header = io.netty.buffer.Unpooled.wrappedBuffer(copy);
    header.setIntLE(
        FrameHeader.HEADER_CRC_AT, FrameHeader.crc(header, 0, FrameHeader.HEADER_CRC_AT));
    return copy;
  }
}
