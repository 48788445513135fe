package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The sealed shard image, version 1: one key range of one frozen memtable, immutable, position
 * independent. Little endian; sections and blocks start at multiples of 8; every gap is zero.
 *
 * <pre>
 * image  := header | block ... | range | index | filter | tombstones | footer
 *           `---------------------' `------------ meta ------------'
 *
 * header (40 bytes)
 *    0 u64 magic "DWARFIMG"      8 u32 version          12 u32 zero
 *   16 u64 image id             24 u64 image bytes      32 u32 zero
 *   36 u32 CRC32C of bytes 0..35
 *
 * block  := record ... | zero to align | u32 restart ... | u32 record count | u32 CRC32C
 *   restart: offset in the block of every 8th record; the CRC is salted with the image id
 *   record := varint key length | varint value length | varint tag | key | value
 *   tag    := (sequence - first sequence of the memtable) * 16 + type code
 *   Records are in internal order. A block is filled up to the block size of the seal; a record
 *   that is longer is alone in its block, whose length then is at most MAX_BLOCK_LENGTH.
 *
 * range      := smallest user key | largest user key | zero to align
 * index      := u64 block offset ... | u64 separator end ... | separator bytes | zero to align
 *   Separator i is an internal key at or after the last record of block i and before the first of
 *   block i+1. Its sequence is 0 ("after all versions"), unless the key's versions go on in block
 *   i+1: then bit 63 of its end is set and its last 8 bytes are the sequence of block i's last
 *   record. Ends count from the first separator byte.
 * filter     := 64-byte lines, see BloomFilter; empty if the filter is off
 * tombstones := range tombstones; empty in version 1
 *
 * footer (208 bytes), the last bytes of the image
 *    0 u64 image id             8 u64 image bytes         16 u64 offset of range (end of blocks)
 *   24 u64 range bytes         32 u64 index bytes         40 u64 filter bytes
 *   48 u64 tombstone bytes     56 u32 range CRC32C        60 u32 index CRC32C
 *   64 u32 filter CRC32C       68 u32 tombstone CRC32C    72 u64 blocks
 *   80 u64 records             88 u64 user keys           96 u64 smallest sequence
 *  104 u64 largest sequence   112 u64 database uuid high 120 u64 database uuid low
 *  128 u64 epoch              136 u64 memtable id        144 u64 first sequence of the memtable
 *  152 u64 last sequence of the memtable                 160 u32 column family id
 *  164 u32 shard              168 u32 shard count        172 u32 filter probes per key
 *  176 u32 smallest key bytes 180 u32 largest key bytes  184 u64 zero
 *  192 u32 version            196 u32 CRC32C of bytes 0..195
 *  200 u64 magic "DWARFIMG"
 * </pre>
 *
 * <p>The image id is random and not zero, and salts the CRC of every block and meta section: bytes
 * of another image, found where this one used to be, never verify. Sequence numbers are relative to
 * the memtable's first, which makes most tags four bytes: with 16-byte keys and 100-byte values an
 * image is about 7 % larger than its keys and values.
 */
final class ImageFormat {

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final long MAGIC = 0x474d_4946_5241_5744L;
  static final int VERSION = 1;

  static final int HEADER_BYTES = 40;
  static final int HEADER_VERSION = 8;
  static final int HEADER_RESERVED_1 = 12;
  static final int HEADER_IMAGE_ID = 16;
  static final int HEADER_IMAGE_BYTES = 24;
  static final int HEADER_RESERVED_2 = 32;
  static final int HEADER_CRC = 36;

  static final int RESTART_INTERVAL = 8;
  static final int BLOCK_TRAILER_BYTES = 8;
  static final int TAG_TYPE_BITS = 4;

  /** Three varints at their longest: 3 + 5 + 9 bytes. */
  static final int MAX_RECORD_HEAD_BYTES = 17;

  /** Longest block: one record with the longest key and value; more than any filled block. */
  static final int MAX_BLOCK_LENGTH =
      (int)
          align(
              MAX_RECORD_HEAD_BYTES
                  + (long) Limits.MAX_KEY_BYTES
                  + Limits.MAX_VALUE_BYTES
                  + Integer.BYTES
                  + BLOCK_TRAILER_BYTES);

  static final long SEPARATOR_HAS_SEQUENCE = Long.MIN_VALUE;

  private ImageFormat() {}

  static long align(long length) {
    return (length + 7) & -8L;
  }

  static int restarts(int records) {
    return Math.ceilDiv(records, RESTART_INTERVAL);
  }

  static long blockLength(long recordBytes, int records) {
    return align(recordBytes + 4L * restarts(records) + BLOCK_TRAILER_BYTES);
  }

  static String show(long imageId) {
    return String.format("image %016x", imageId);
  }

  static DwarfException damaged(long imageId, String problem) {
    return DwarfException.corruption(
        show(imageId) + ": " + problem + "; ship or rebuild this shard again");
  }

  static int varintBytes(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /**
   * Writes the head of a record and returns the offset after it. A short one is written as one
   * long, whose bytes behind the head are to be written later: at least a block's trailer is.
   */
  static long putHead(MemorySegment target, long offset, int keyLength, int valueLength, long tag) {
    int keyBytes = varintBytes(keyLength);
    int lengthsBytes = keyBytes + varintBytes(valueLength);
    int bytes = lengthsBytes + varintBytes(tag);
    if (bytes > Long.BYTES) {
      long at = putVarint(target, offset, keyLength);
      return putVarint(target, putVarint(target, at, valueLength), tag);
    }
    long head =
        varint(keyLength)
            | (varint(valueLength) << (Byte.SIZE * keyBytes))
            | (varint(tag) << (Byte.SIZE * lengthsBytes));
    target.set(LONG, offset, head);
    return offset + bytes;
  }

  /** The bytes of a varint of at most eight, the first one lowest. */
  private static long varint(long value) {
    long bytes = value & 0x7f;
    int shift = 0;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      bytes |= 0x80L << shift;
      shift += Byte.SIZE;
      bytes |= (rest & 0x7f) << shift;
    }
    return bytes;
  }

  /** Writes a varint and returns the offset after it. */
  static long putVarint(MemorySegment target, long offset, long value) {
    long at = offset;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      target.set(ValueLayout.JAVA_BYTE, at++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    target.set(ValueLayout.JAVA_BYTE, at++, (byte) rest);
    return at;
  }
}
