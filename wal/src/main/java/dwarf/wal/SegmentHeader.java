package dwarf.wal;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The first bytes of a segment file, written and synced before the file gets its name, so a segment
 * with a bad header is a damaged one and never a torn one. Little endian:
 *
 * <pre>
 *    0  u64  magic "DWRFWAL\n"
 *    8  u16  version, 1
 *   10  u16  zero
 *   12  u32  length of this header
 *   16  uuid database (high half, low half)
 *   32  u64  incarnation of the database
 *   40  u64  epoch that wrote the segment
 *   48  u64  segment number
 *   56  u64  previous segment's number, 0 = none; numbers between are void
 *   64  u64  previous segment's valid length: bytes behind it are void
 *   72  u32  checksum in the header of the last frame before that length, 0 = no frame
 *   76  u32  number of families
 *   80  u64  last sequence in the log before this segment
 *   88  u64  durable-through (see FrameHeader); may be the end of this very segment, which then was
 *            complete and synced before it got its name
 *   96       families, ascending: {u32 id, u32 zero, u64 logged-through, u64 flushed-through}
 *    n  u32  CRC32C of everything before
 * </pre>
 *
 * <p>Logged-through is the last sequence with records of the family in all segments before this
 * one, those since deleted included: compared with the family's flush marker it tells exactly
 * whether a deleted segment is missed. Flushed-through mirrors the flush marker at the time the
 * segment began: an SST tier that comes back with less has lost something.
 */
record SegmentHeader(
    LogIdentity identity,
    long number,
    Previous previous,
    long previousSequence,
    long durableThrough,
    SortedMap<Integer, FamilyState> families) {

  static final int VERSION = 1;
  static final int MAX_FAMILIES = 65_536;
  static final int FIXED_BYTES = 96;
  static final int FAMILY_BYTES = 24;
  static final int MAX_BYTES = FIXED_BYTES + MAX_FAMILIES * FAMILY_BYTES + 4;

  private static final long MAGIC = 0x0a4c_4157_4652_5744L;
  private static final int VERSION_AT = 8;
  private static final int LENGTH_AT = 12;

  /** Where the segment continues: the end of the valid part of the one before. */
  record Previous(long number, long length, int lastFrameCrc) {
    static final Previous NONE = new Previous(0, 0, 0);
  }

  /** What is known of one column family when a segment begins. */
  record FamilyState(long loggedThrough, long flushedThrough) {}

  SegmentHeader {
    families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
  }

  /** The highest sequence the header names. */
  long highestSequence() {
    return Math.max(previousSequence, durableThrough);
  }

  /** The length of the header in the file. */
  int encodedBytes() {
    return FIXED_BYTES + families.size() * FAMILY_BYTES + 4;
  }

  MemorySegment encode() {
    if (families.size() > MAX_FAMILIES) {
      throw DwarfException.notSupported(
          families.size() + " column families: a log segment can name " + MAX_FAMILIES);
    }
    int length = encodedBytes();
    WireWriter out = new WireWriter(length);
    out.putLong(MAGIC).putShort(VERSION).putShort(0).putInt(length);
    out.putUuid(identity.database()).putLong(identity.incarnation()).putLong(identity.epoch());
    out.putLong(number).putLong(previous.number).putLong(previous.length);
    out.putInt(previous.lastFrameCrc).putInt(families.size());
    out.putLong(previousSequence).putLong(durableThrough);
    families.forEach(
        (family, state) ->
            out.putInt(family)
                .putInt(0)
                .putLong(state.loggedThrough)
                .putLong(state.flushedThrough));
    out.putInt(Checksums.crc32c(out.segment()));
    return out.segment();
  }

  /**
   * The header's length, from its first {@link #FIXED_BYTES}; refuses other kinds of file, other
   * versions and impossible lengths.
   */
  static int lengthOf(Path file, MemorySegment fixed) {
    WireReader in = new WireReader("log segment " + file, fixed);
    if (in.getLong() != MAGIC) {
      throw in.damaged("this is no log segment (wrong magic number)");
    }
    int version = in.getUnsignedShort();
    if (version > VERSION) {
      throw DwarfException.notSupported(
          "log segment "
              + file
              + ", offset "
              + VERSION_AT
              + ": format version "
              + version
              + " is newer than "
              + VERSION
              + ", the newest this program reads; use a newer one");
    }
    if (version != VERSION || in.getUnsignedShort() != 0) {
      throw in.damaged("there is no log format version " + version);
    }
    int length = in.getInt();
    if (length < FIXED_BYTES + 4
        || length > MAX_BYTES
        || (length - FIXED_BYTES - 4) % FAMILY_BYTES != 0) {
      throw DwarfException.corruption(
          "log segment " + file + ", offset " + LENGTH_AT + ": impossible header length " + length);
    }
    return length;
  }

  /** Takes a whole header apart; CORRUPTION unless every byte is as written. */
  static SegmentHeader decode(Path file, MemorySegment header) {
    long end = header.byteSize() - 4;
    WireReader in = new WireReader("log segment " + file, header);
    if (Checksums.crc32c(header.asSlice(0, end))
        != new WireReader("header checksum", header.asSlice(end, 4)).getInt()) {
      throw in.damaged("the header does not match its checksum");
    }
    in.getLong();
    in.getLong();
    LogIdentity identity = new LogIdentity(in.getUuid(), in.getLong(), in.getLong());
    long number = in.getLong();
    long previousNumber = in.getLong();
    long previousLength = in.getLong();
    Previous previous = new Previous(previousNumber, previousLength, in.getInt());
    int count = in.getCount(FAMILY_BYTES);
    long previousSequence = in.getLong();
    long durableThrough = in.getLong();
    SortedMap<Integer, FamilyState> families = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int family = in.getInt();
      if (in.getInt() != 0) {
        throw in.damaged("a reserved field of family " + family + " is not zero");
      }
      families.put(family, new FamilyState(in.getLong(), in.getLong()));
    }
    in.getInt();
    in.expectEnd();
    return new SegmentHeader(
        identity, number, previous, previousSequence, durableThrough, families);
  }
}
