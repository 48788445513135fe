package dwarf.base;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), the checksum of every format here and of RocksDB. */
public final class Checksums {

  private static final long CHUNK = 1L << 30;

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
    CRC32C crc = new CRC32C();
    if (salt != 0) {
      for (int shift = 0; shift < 64; shift += 8) {
        crc.update((int) (salt >>> shift) & 0xff);
      }
    }
    update(crc, bytes);
    return (int) crc.getValue();
  }

  /** Feeds a segment of any length and any kind into a running checksum. */
  public static void update(CRC32C crc, MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      ByteBuffer chunk = bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer();
      crc.update(chunk);
    }
  }
}
