package dwarf.fabric.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the bytes of a grant can be read without asking, little endian.
 *
 * <pre>
 *   0      4      8            16       24       32           40          48           56
 *   | fd   | slot | generation | offset | length | file bytes | token low | token high |
 *   | u32  | u32  | u64        | u64    | u64    | u64        | 16 bytes               |
 * </pre>
 *
 * @param fd the file's number in the granting process
 * @param slot place in the table of grants
 * @param generation what stands there as long as the grant lives
 * @param offset of the grant's first byte in the file
 */
record GrantRecord(
    int fd,
    int slot,
    long generation,
    long offset,
    long length,
    long fileBytes,
    long tokenLow,
    long tokenHigh) {

  static final int BYTES = 56;

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(fd).putInt(slot).putLong(generation).putLong(offset).putLong(length);
    out.putLong(fileBytes).putLong(tokenLow).putLong(tokenHigh);
    return out.array();
  }

  /** Reads a payload, or throws CORRUPTION. */
  static GrantRecord decode(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw RecordHeader.malformed("GRANT of " + bytes.length + " bytes, it has " + BYTES);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    GrantRecord grant =
        new GrantRecord(
            in.getInt(),
            in.getInt(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong());
    grant.check();
    return grant;
  }

  private void check() {
    boolean inFile = offset >= 0 && length >= 0 && fileBytes >= 0 && offset <= fileBytes - length;
    if (!inFile || fd < 0 || slot < 0 || slot >= GrantSlots.SLOTS || generation == 0) {
      throw RecordHeader.malformed("GRANT with impossible values: " + this);
    }
  }

  @Override
  public String toString() {
    return "GrantRecord[slot " + slot + ", offset " + offset + ", length " + length + "]";
  }
}
