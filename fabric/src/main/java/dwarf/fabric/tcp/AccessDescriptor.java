package dwarf.fabric.tcp;

import dwarf.fabric.RemoteKey;
import dwarf.fabric.spi.RegionTable;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Where a one-sided operation goes, little endian.
 *
 * <pre>
 *   0            8             16       24       28       32
 *   | key low    | key high    | offset | length | CRC    |
 *   | u64        | u64         | u64    | u32    | CRC32C of bytes 0 to 27
 * </pre>
 *
 * <p>The CRC is not redundant: the payload CRC of a WRITE is known only after its bytes have
 * landed, and they must not land at a damaged address.
 */
record AccessDescriptor(long keyLow, long keyHigh, long offset, int length) {

  static final int BYTES = 32;
  static final int CRC_AT = 28;

  static AccessDescriptor of(RemoteKey key, long offset, int length) {
    ByteBuffer words = RegionTable.words(key);
    return new AccessDescriptor(words.getLong(0), words.getLong(8), offset, length);
  }

  AccessDescriptor chunk(long from, int size) {
    return new AccessDescriptor(keyLow, keyHigh, offset + from, size);
  }

  void encode(ByteBuf out) {
    int start = out.writerIndex();
    out.writeLongLE(keyLow);
    out.writeLongLE(keyHigh);
    out.writeLongLE(offset);
    out.writeIntLE(length);
    out.writeIntLE(FrameHeader.crc(out, start, CRC_AT));
  }

  /** Reads {@link #BYTES}, or throws CORRUPTION. */
  static AccessDescriptor decode(ByteBuf in, int maxFrameBytes) {
    int start = in.readerIndex();
    if (in.getIntLE(start + CRC_AT) != FrameHeader.crc(in, start, CRC_AT)) {
      throw FrameHeader.malformed("checksum of a one-sided address does not match");
    }
    AccessDescriptor access =
        new AccessDescriptor(in.readLongLE(), in.readLongLE(), in.readLongLE(), in.readIntLE());
    in.skipBytes(Integer.BYTES);
    if (access.length < 0 || access.length > maxFrameBytes) {
      throw FrameHeader.malformed(
          "one-sided access of "
              + Integer.toUnsignedString(access.length)
              + " bytes, the largest frame is "
              + maxFrameBytes);
    }
    return access;
  }

  @Override
  public String toString() {
    return "AccessDescriptor[offset " + offset + ", length " + length + "]";
  }
}
