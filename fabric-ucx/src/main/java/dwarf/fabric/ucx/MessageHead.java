package dwarf.fabric.ucx;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The head of every message, little endian. UCX carries it beside the payload, as the header of one
 * active message, and keeps the borders between messages.
 *
 * <pre>
 *   0        4         5      6      8        16       20            24      28           32
 *   | magic  | version | type | code | id     | length | payload CRC | order | head CRC   | place |
 *   | "DWUX" | u8 = 1  | u8   | u16  | u64    | u32    | CRC32C      | u32   | CRC32C     |
 * </pre>
 *
 * <p>H1. The head CRC covers all other bytes of the head, with the {@link RemotePlace} that WRITE,
 * READ, RESOLVE and REVOKED have after it, and is checked before any other field is used but magic
 * and version. H2. The version is checked before the CRC, so that a peer of another version gets
 * that as the reason. H3. Ids are chosen by the connecting side and count up from 1; 0 stands for
 * the connection. H4. {@code order} counts the REQUESTs of a connection from 0 and wraps; it is 0
 * elsewhere.
 *
 * @param code opcode of a REQUEST, kind of an ERROR, else 0
 * @param payloadCrc CRC32C of the payload
 * @param place what a WRITE, READ, RESOLVE or REVOKED is about, else null
 */
record MessageHead(
    MessageType type, int code, long id, int length, int payloadCrc, int order, RemotePlace place) {

  static final int BYTES = 32;
  static final int MOST_BYTES = BYTES + RemotePlace.BYTES;
  static final int MAGIC = 0x58555744;
  static final int VERSION = 1;

  static final int VERSION_AT = 4;
  static final int TYPE_AT = 5;
  static final int CODE_AT = 6;
  static final int ID_AT = 8;
  static final int LENGTH_AT = 16;
  static final int PAYLOAD_CRC_AT = 20;
  static final int ORDER_AT = 24;
  static final int HEAD_CRC_AT = 28;

  /** Most bytes of an ERROR's message. */
  static final int MAX_TEXT_BYTES = 4096;

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static int bytes(MessageType type) {
    return type.namesPlace() ? MOST_BYTES : BYTES;
  }

  /** Writes {@link #bytes} of its type. */
  void encode(MemorySegment out) {
    out.set(INT, 0, MAGIC);
    out.set(ValueLayout.JAVA_BYTE, VERSION_AT, (byte) VERSION);
    out.set(ValueLayout.JAVA_BYTE, TYPE_AT, (byte) type.code());
    out.set(SHORT, CODE_AT, (short) code);
    out.set(LONG, ID_AT, id);
    out.set(INT, LENGTH_AT, length);
    out.set(INT, PAYLOAD_CRC_AT, payloadCrc);
    out.set(INT, ORDER_AT, order);
    if (place != null) {
      place.encode(out.asSlice(BYTES, RemotePlace.BYTES));
    }
    seal(out.asSlice(0, bytes(type)));
  }

  /** Reads one whole head, or throws CORRUPTION with the reason. */
  static MessageHead decode(MemorySegment in, int maxFrameBytes) {
    MessageType type = checkedType(in);
    long length = in.get(INT, LENGTH_AT) & 0xffffffffL;
    checkLength(type, length, maxFrameBytes);
    int order = in.get(INT, ORDER_AT);
    if (order != 0 && type != MessageType.REQUEST) {
      throw malformed("reserved bytes are not zero");
    }
    return new MessageHead(
        type,
        in.get(SHORT, CODE_AT) & 0xffff,
        in.get(LONG, ID_AT),
        (int) length,
        in.get(INT, PAYLOAD_CRC_AT),
        order,
        type.namesPlace()
            ? RemotePlace.decode(in.asSlice(BYTES, RemotePlace.BYTES), maxFrameBytes)
            : null);
  }

  private static MessageType checkedType(MemorySegment in) {
    if (in.byteSize() < BYTES) {
      throw malformed("head of " + in.byteSize() + " bytes, the shortest is " + BYTES);
    }
    int magic = in.get(INT, 0);
    if (magic != MAGIC) {
      throw malformed("magic 0x" + Integer.toHexString(magic) + " is not of this protocol");
    }
    int version = in.get(ValueLayout.JAVA_BYTE, VERSION_AT) & 0xff;
    if (version != VERSION) {
      throw malformed("protocol version " + version + ", this side speaks " + VERSION);
    }
    if (in.byteSize() > MOST_BYTES || in.get(INT, HEAD_CRC_AT) != crc(in)) {
      throw malformed("head checksum does not match");
    }
    int code = in.get(ValueLayout.JAVA_BYTE, TYPE_AT) & 0xff;
    MessageType type = MessageType.fromCode(code);
    if (type == null) {
      throw malformed("unknown message type " + code);
    }
    if (in.byteSize() != bytes(type)) {
      throw malformed(type + " with a head of " + in.byteSize() + " bytes");
    }
    return type;
  }

  /** Throws CORRUPTION if the payload is not the one that the head describes. */
  void checkPayload(MemorySegment payload) {
    if (payload.byteSize() != length) {
      throw malformed(type + " whose length and payload differ");
    }
    if (Checksums.crc32c(payload) != payloadCrc) {
      throw malformed("payload checksum of " + type + " does not match");
    }
  }

  /** Gives a REQUEST its numbers after it has been built, on the thread that numbers them. */
  static void number(MemorySegment head, long id, int order) {
    head.set(LONG, ID_AT, id);
    head.set(INT, ORDER_AT, order);
    seal(head);
  }

  static DwarfException malformed(String reason) {
    return DwarfException.corruption("malformed message: " + reason);
  }

  /** Sets the head's own checksum. */
  static void seal(MemorySegment head) {
    head.set(INT, HEAD_CRC_AT, crc(head));
  }

  private static int crc(MemorySegment head) {
    CRC32C crc = new CRC32C();
    Checksums.update(crc, head.asSlice(0, HEAD_CRC_AT));
    if (head.byteSize() > BYTES) {
      Checksums.update(crc, head.asSlice(BYTES));
    }
    return (int) crc.getValue();
  }

  private static void checkLength(MessageType type, long length, int maxFrameBytes) {
    long least =
        switch (type) {
          case HELLO, WELCOME -> Hello.BYTES;
          case REQUEST, REPLY, ERROR, WRITE, READ, PING, RESOLVE, REVOKED -> 0;
          case BUNDLE -> 2 * BYTES;
        };
    long most =
        switch (type) {
          case HELLO, WELCOME -> Hello.BYTES;
          case REQUEST, REPLY, WRITE, BUNDLE -> maxFrameBytes;
          case ERROR -> MAX_TEXT_BYTES;
          case READ, PING, RESOLVE, REVOKED -> 0;
        };
    if (length < least || length > most) {
      throw malformed(
          type + " with a length of " + length + " bytes, allowed are " + least + " to " + most);
    }
  }
}
