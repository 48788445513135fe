package dwarf.base;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), the checksum of every format here and of RocksDB. */
public final class Checksums {

  private static final long CHUNK = 1L << 30;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Checksums() {}

  /** CRC32C of the whole segment. */
  public static int crc32c(MemorySegment bytes) {
    return crc32c(0, bytes);
  }

  /**
   * CRC32C of the salt's eight little-endian bytes (left out if the salt is 0) followed by the
   * segment. A salt ties bytes to their place: valid bytes found elsewhere do not verify.
   */
  public static int crc32c(long salt, MemorySegment bytes) {
    CRC32C crc = salt == 0 ? new CRC32C() : salted(salt);
    update(crc, bytes);
    return (int) crc.getValue();
  }

  /** A running checksum that has taken in the salt's eight little-endian bytes. */
  public static CRC32C salted(long salt) {
    // One update: byte by byte they cost as much as a short frame.
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, salt);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, Long.BYTES);
    return crc;
  }

  /** Feeds a segment of any length and any kind into a running checksum. */
  public static void update(CRC32C crc, MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      ByteBuffer chunk = bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer();
      crc.update(chunk);
    }
  }
}
