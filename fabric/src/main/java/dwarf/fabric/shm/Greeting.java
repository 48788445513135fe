package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.memory.SharedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What each side tells the other once over the socket, little endian. The client's HELLO names the
 * file with the rings, the server's WELCOME the one with the table of grants.
 *
 * <pre>
 *   0        4         5      6          8           12        16    24      32       40    44
 *   | magic  | version | type | reserved | max frame | idle    | pid | bytes | token  | fd  |
 *   | "DWSM" | u8 = 1  | u8   | 0        | u32       | u32 ms  | u64 | u64   | low u64| u32 |
 *
 *   44         52         60    64
 *   | token    | reserved | CRC |
 *   | high u64 | 0        | CRC32C of bytes 0 to 59
 * </pre>
 *
 * @param maxFrameBytes the largest message the sender accepts
 * @param idleMillis after this long a silence the sender gives the connection up
 * @param file what the other side is to map
 */
record Greeting(int type, int maxFrameBytes, int idleMillis, SharedFile.Location file) {

  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int BYTES = 64;
  static final int MAGIC = 0x4d535744;
  static final int VERSION = 1;
  static final int VERSION_AT = 4;
  static final int TYPE_AT = 5;
  static final int CRC_AT = 60;

  static Greeting of(int type, FabricOptions options, SharedFile.Location file) {
    long idle = Math.min(options.idleTimeout().toMillis(), Integer.MAX_VALUE);
    return new Greeting(type, options.maxFrameBytes(), (int) idle, file);
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).put((byte) VERSION).put((byte) type).putShort((short) 0);
    out.putInt(maxFrameBytes).putInt(idleMillis).putLong(file.pid()).putLong(file.bytes());
    out.putLong(file.tokenLow()).putInt(file.fd()).putLong(file.tokenHigh()).putLong(0);
    out.putInt(crc(out.array(), CRC_AT));
    return out.flip();
  }

  /** Reads {@link #BYTES}, or throws CORRUPTION with the reason. */
  static Greeting decode(byte[] bytes, int type) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    checkStart(in, type);
    if (in.getInt(CRC_AT) != crc(bytes, CRC_AT)) {
      throw malformed("checksum does not match");
    }
    SharedFile.Location file =
        new SharedFile.Location(
            in.getLong(16), in.getInt(40), in.getLong(24), in.getLong(32), in.getLong(44));
    Greeting greeting = new Greeting(type, in.getInt(8), in.getInt(12), file);
    boolean reservedAreZero = in.getShort(6) == 0 && in.getLong(52) == 0;
    if (!reservedAreZero
        || greeting.maxFrameBytes <= 0
        || greeting.idleMillis <= 0
        || file.pid() <= 0
        || file.fd() < 0
        || file.bytes() <= 0) {
      throw malformed("impossible values: " + greeting);
    }
    return greeting;
  }

  /** Checks magic, version and type: their places are the same in all versions. */
  private static void checkStart(ByteBuffer in, int type) {
    if (in.getInt(0) != MAGIC) {
      throw malformed("magic 0x" + Integer.toHexString(in.getInt(0)) + " is not of this protocol");
    }
    int version = in.get(VERSION_AT) & 0xff;
    if (version != VERSION) {
      throw malformed("protocol version " + version + ", this side speaks " + VERSION);
    }
    if (in.get(TYPE_AT) != type) {
      throw malformed("type " + in.get(TYPE_AT) + " where " + type + " is due");
    }
  }

  static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  static DwarfException malformed(String reason) {
    return DwarfException.corruption("malformed greeting: " + reason);
  }
}
