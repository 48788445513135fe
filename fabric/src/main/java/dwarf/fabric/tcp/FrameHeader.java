package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * The fixed start of every frame, little endian; {@code length} bytes of payload follow.
 *
 * <pre>
 *   0        4         5      6      8        16       20             24         28           32
 *   | magic  | version | type | code | id     | length | payload CRC  | reserved | header CRC |
 *   | "DWRF" | u8 = 1  | u8   | u16  | u64    | u32    | CRC32C       | 0        | CRC32C     |
 * </pre>
 *
 * <p>H1. The header CRC covers bytes 0 to 27 and is checked, like every other field, before the
 * length is used. H2. The version is checked before the CRC, so that a peer of another version gets
 * that as the reason; its place is the same in all versions. H3. Ids are chosen by the connecting
 * side and count up from 1; 0 stands for the connection itself.
 *
 * @param code opcode of a REQUEST, kind of an ERROR, else 0
 * @param payloadCrc CRC32C of the payload
 */
record FrameHeader(FrameType type, int code, long id, int length, int payloadCrc) {

  static final int BYTES = 32;
  static final int MAGIC = 0x46525744;
  static final int VERSION = 1;

  static final int VERSION_AT = 4;
  static final int TYPE_AT = 5;
  static final int CODE_AT = 6;
  static final int ID_AT = 8;
  static final int LENGTH_AT = 16;
  static final int PAYLOAD_CRC_AT = 20;
  static final int RESERVED_AT = 24;
  static final int HEADER_CRC_AT = 28;

  /** Most bytes of an ERROR's message. */
  static final int MAX_MESSAGE_BYTES = 4096;

  void encode(ByteBuf out) {
    int start = out.writerIndex();
    out.writeIntLE(MAGIC);
    out.writeByte(VERSION);
    out.writeByte(type.code());
    out.writeShortLE(code);
    out.writeLongLE(id);
    out.writeIntLE(length);
    out.writeIntLE(payloadCrc);
    out.writeIntLE(0);
    out.writeIntLE(crc(out, start, HEADER_CRC_AT));
  }

  /** Takes one header off, or throws CORRUPTION with the reason. */
  static FrameHeader decode(ByteBuf in, int maxFrameBytes) {
    int at = in.readerIndex();
    int magic = in.getIntLE(at);
    if (magic != MAGIC) {
      throw malformed("magic 0x" + Integer.toHexString(magic) + " is not of this protocol");
    }
    int version = in.getUnsignedByte(at + VERSION_AT);
    if (version != VERSION) {
      throw malformed("protocol version " + version + ", this side speaks " + VERSION);
    }
    if (in.getIntLE(at + HEADER_CRC_AT) != crc(in, at, HEADER_CRC_AT)) {
      throw malformed("header checksum does not match");
    }
    FrameType type = FrameType.fromCode(in.getUnsignedByte(at + TYPE_AT));
    if (type == null) {
      throw malformed("unknown frame type " + in.getUnsignedByte(at + TYPE_AT));
    }
    if (in.getIntLE(at + RESERVED_AT) != 0) {
      throw malformed("reserved bytes are not zero");
    }
    long length = in.getUnsignedIntLE(at + LENGTH_AT);
    checkLength(type, length, maxFrameBytes);
    in.skipBytes(BYTES);
    return new FrameHeader(
        type,
        in.getUnsignedShortLE(at + CODE_AT),
        in.getLongLE(at + ID_AT),
        (int) length,
        in.getIntLE(at + PAYLOAD_CRC_AT));
  }

  static DwarfException malformed(String reason) {
    return DwarfException.corruption("malformed frame: " + reason);
  }

  static int crc(ByteBuf bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    update(crc, bytes, from, length);
    return (int) crc.getValue();
  }

  static void update(CRC32C crc, ByteBuf bytes, int from, int length) {
    if (bytes.nioBufferCount() == 1) {
      crc.update(bytes.internalNioBuffer(from, length));
    } else {
      crc.update(bytes.nioBuffer(from, length));
    }
  }

  private static void checkLength(FrameType type, long length, int maxFrameBytes) {
    long least =
        switch (type) {
          case HELLO, WELCOME -> Hello.BYTES;
          case WRITE, READ -> AccessDescriptor.BYTES;
          case REQUEST, REPLY, ERROR, PING -> 0;
        };
    long most =
        switch (type) {
          case HELLO, WELCOME -> Hello.BYTES;
          case REQUEST, REPLY -> maxFrameBytes;
          case WRITE -> (long) AccessDescriptor.BYTES + maxFrameBytes;
          case READ -> AccessDescriptor.BYTES;
          case ERROR -> MAX_MESSAGE_BYTES;
          case PING -> 0;
        };
    if (length < least || length > most) {
      throw malformed(
          type + " with a length of " + length + " bytes, allowed are " + least + " to " + most);
    }
  }
}
