package dwarf.wal;

import dwarf.base.Checksums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * What stands before each commit group in a segment. Little endian, no alignment:
 *
 * <pre>
 *    0  u32  CRC32C of bytes 4 to 39, salted
 *    4  u32  CRC32C of the payload, salted
 *    8  u64  payload length in the low 56 bits; kind in the high 8: 1 = commit group
 *   16  u64  last sequence before this frame in the log: the chain
 *   24  u64  last sequence of this frame
 *   32  u64  durable-through: every frame up to this sequence had been synced
 *   40       payload: batches of
 *              varint64  sequences left out before the batch (writes that skipped the log)
 *              varint32  records in the batch, at least 1
 *              varint64  length
 *              bytes     the batch (BatchCodec)
 * </pre>
 *
 * The salt is made of the database's uuid, the segment's number and the frame's offset, so a frame
 * that turns up in another place (a recycled block, a copied file) does not verify. The header has
 * a checksum of its own, so that a length is proven before it is believed. The chain tells a
 * missing frame from the gaps in the sequence that writes without log leave. The durable-through
 * tells damage from a torn tail: a frame at or below it cannot be missing innocently.
 */
record FrameHeader(
    int crc,
    int payloadCrc,
    long payloadLength,
    long previousSequence,
    long lastSequence,
    long durableThrough) {

  static final int BYTES = 40;

  /** Longest payload: 4 GiB. */
  static final long MAX_PAYLOAD_BYTES = 1L << 32;

  private static final int CRC_AT = 0;

  /** From here to its end a header is what its checksum is of. */
  static final int PAYLOAD_CRC_AT = 4;

  private static final int LENGTH_AT = 8;
  private static final int PREVIOUS_AT = 16;
  private static final int LAST_AT = 24;
  private static final int DURABLE_AT = 32;

  private static final int KIND_SHIFT = 56;
  private static final long KIND_COMMIT_GROUP = 1;
  private static final long LENGTH_MASK = (1L << KIND_SHIFT) - 1;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  long frameBytes() {
    return BYTES + payloadLength;
  }

  /** Lays a header out at the start of the segment, all but its own checksum. */
  static void encode(MemorySegment at, FrameHeader header) {
    at.set(INT, PAYLOAD_CRC_AT, header.payloadCrc);
    at.set(LONG, LENGTH_AT, header.payloadLength | (KIND_COMMIT_GROUP << KIND_SHIFT));
    at.set(LONG, PREVIOUS_AT, header.previousSequence);
    at.set(LONG, LAST_AT, header.lastSequence);
    at.set(LONG, DURABLE_AT, header.durableThrough);
  }

  /** Gives a header that is laid out its checksum. */
  static void seal(MemorySegment at, int crc) {
    at.set(INT, CRC_AT, crc);
  }

  /** The header at the start of the segment, or null if what is there is none. */
  static FrameHeader decode(MemorySegment at, long salt) {
    int crc = at.get(INT, CRC_AT);
    long lengthAndKind = at.get(LONG, LENGTH_AT);
    long length = lengthAndKind & LENGTH_MASK;
    if (lengthAndKind >>> KIND_SHIFT != KIND_COMMIT_GROUP
        || length > MAX_PAYLOAD_BYTES
        || crc != Checksums.crc32c(salt, at.asSlice(PAYLOAD_CRC_AT, BYTES - PAYLOAD_CRC_AT))) {
      return null;
    }
    return new FrameHeader(
        crc,
        at.get(INT, PAYLOAD_CRC_AT),
        length,
        at.get(LONG, PREVIOUS_AT),
        at.get(LONG, LAST_AT),
        at.get(LONG, DURABLE_AT));
  }

  /** What ties a frame's checksums to its place. Never 0. */
  static long salt(UUID database, long segment, long offset) {
    long salt = mix(database.getMostSignificantBits());
    salt = mix(salt ^ database.getLeastSignificantBits());
    salt = mix(salt ^ segment);
    salt = mix(salt ^ offset);
    return salt == 0 ? 1 : salt;
  }

  /** The finalizer of SplitMix64: every input bit moves every output bit. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
