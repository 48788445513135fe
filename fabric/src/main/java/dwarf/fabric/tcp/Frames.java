package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Builds whole frames. */
final class Frames {

  /** The variable part of a header, but for what follows from the payload. */
  record Message(FrameType type, int code, long id) {}

  private Frames() {}

  /** Header and payload in one buffer; the writer must write exactly {@code length} bytes. */
  static ByteBuf build(
      ByteBufAllocator memory, Message message, int length, Consumer<ByteBuf> payload) {
    ByteBuf out = memory.directBuffer(FrameHeader.BYTES + length);
    out.writerIndex(FrameHeader.BYTES);
    payload.accept(out);
    int crc = FrameHeader.crc(out, FrameHeader.BYTES, length);
    out.writerIndex(0);
    new FrameHeader(message.type(), message.code(), message.id(), length, crc).encode(out);
    out.writerIndex(FrameHeader.BYTES + length);
    return out;
  }

  static ByteBuf of(ByteBufAllocator memory, Message message, MemorySegment payload) {
    int length = (int) payload.byteSize();
    return build(
        memory,
        message,
        length,
        out -> {
          MemorySegment.copy(
              payload,
              0,
              MemorySegment.ofBuffer(out.internalNioBuffer(out.writerIndex(), length)),
              0,
              length);
          out.writerIndex(out.writerIndex() + length);
        });
  }

  static ByteBuf error(ByteBufAllocator memory, long id, DwarfException error) {
    byte[] text = String.valueOf(error.getMessage()).getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, FrameHeader.MAX_MESSAGE_BYTES);
    return build(
        memory,
        new Message(FrameType.ERROR, error.kind().code(), id),
        length,
        out -> out.writeBytes(text, 0, length));
  }

  static ByteBuf empty(ByteBufAllocator memory, FrameType type, long id) {
    return build(memory, new Message(type, 0, id), 0, out -> {});
  }

  static ByteBuf read(ByteBufAllocator memory, long id, AccessDescriptor access) {
    return build(
        memory, new Message(FrameType.READ, 0, id), AccessDescriptor.BYTES, access::encode);
  }

  /** Gives a frame its id after it has been built, on the thread that numbers frames. */
  static void setId(ByteBuf frame, long id) {
    frame.setLongLE(FrameHeader.ID_AT, id);
    frame.setIntLE(FrameHeader.HEADER_CRC_AT, FrameHeader.crc(frame, 0, FrameHeader.HEADER_CRC_AT));
  }

  /** Header and descriptor of a WRITE; the data follows in a buffer of its own. */
  static ByteBuf writeHead(
      ByteBufAllocator memory, long id, AccessDescriptor access, ByteBuf data) {
    ByteBuf out = memory.directBuffer(FrameHeader.BYTES + AccessDescriptor.BYTES);
    out.writerIndex(FrameHeader.BYTES);
    access.encode(out);
    CRC32C crc = new CRC32C();
    FrameHeader.update(crc, out, FrameHeader.BYTES, AccessDescriptor.BYTES);
    FrameHeader.update(crc, data, data.readerIndex(), data.readableBytes());
    int length = AccessDescriptor.BYTES + data.readableBytes();
    out.writerIndex(0);
    new FrameHeader(FrameType.WRITE, 0, id, length, (int) crc.getValue()).encode(out);
    out.writerIndex(FrameHeader.BYTES + AccessDescriptor.BYTES);
    return out;
  }
}
