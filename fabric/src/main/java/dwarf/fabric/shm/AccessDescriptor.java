package dwarf.fabric.shm;

import dwarf.fabric.RemoteKey;
import dwarf.fabric.spi.RegionTable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a one-sided operation goes, little endian; covered by the record's checksum.
 *
 * <pre>
 *   0            8             16       24       32
 *   | key low    | key high    | offset | length |
 *   | u64        | u64         | u64    | u64    |
 * </pre>
 */
record AccessDescriptor(long keyLow, long keyHigh, long offset, long length) {

  static final int BYTES = 32;

  static AccessDescriptor of(RemoteKey key, long offset, long length) {
    ByteBuffer words = RegionTable.words(key);
    return new AccessDescriptor(words.getLong(0), words.getLong(8), offset, length);
  }

  AccessDescriptor part(long from, long size) {
    return new AccessDescriptor(keyLow, keyHigh, offset + from, size);
  }

  MemorySegment encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(keyLow).putLong(keyHigh).putLong(offset).putLong(length);
    return MemorySegment.ofArray(out.array());
  }

  static AccessDescriptor decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new AccessDescriptor(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  @Override
  public String toString() {
    return "AccessDescriptor[offset " + offset + ", length " + length + "]";
  }
}
