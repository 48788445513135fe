package dwarf.memtable;

import static dwarf.memtable.ImageFormat.INT;
import static dwarf.memtable.ImageFormat.LONG;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.Limits;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * The decoded footer of an image; its layout is drawn at {@link ImageFormat}. Filled field by field
 * by the writer; a footer that was read is consistent in itself and with the image's length, so
 * that every offset and length in it can be used without another check.
 */
final class ImageFooter {

  static final int BYTES = 208;

  static final int RANGE = 0;
  static final int INDEX = 1;
  static final int FILTER = 2;
  static final int TOMBSTONES = 3;
  static final int SECTIONS = 4;

  private static final int IMAGE_ID = 0;
  private static final int IMAGE_BYTES = 8;
  private static final int META_OFFSET = 16;
  private static final int SECTION_BYTES = 24;
  private static final int SECTION_CRCS = 56;
  private static final int BLOCKS = 72;
  private static final int ENTRIES = 80;
  private static final int KEYS = 88;
  private static final int SMALLEST_SEQUENCE = 96;
  private static final int LARGEST_SEQUENCE = 104;
  private static final int DATABASE_HIGH = 112;
  private static final int DATABASE_LOW = 120;
  private static final int EPOCH = 128;
  private static final int MEMTABLE = 136;
  private static final int FIRST_SEQUENCE = 144;
  private static final int LAST_SEQUENCE = 152;
  private static final int FAMILY = 160;
  private static final int SHARD = 164;
  private static final int SHARD_COUNT = 168;
  private static final int FILTER_PROBES = 172;
  private static final int SMALLEST_KEY_BYTES = 176;
  private static final int LARGEST_KEY_BYTES = 180;
  private static final int RESERVED = 184;
  private static final int FORMAT_VERSION = 192;
  private static final int CRC = 196;
  private static final int MAGIC = 200;

  private static final int LEAST_INDEX_ENTRY_BYTES = 2 * Long.BYTES;

  long imageId;
  long imageBytes;
  long metaOffset;
  final long[] sectionBytes = new long[SECTIONS];
  final int[] sectionCrcs = new int[SECTIONS];
  long blocks;
  long entries;
  long keys;
  long smallestSequence;
  long largestSequence;
  ImageIdentity identity;
  int shard;
  int shardCount;
  int filterProbes;
  int smallestKeyBytes;
  int largestKeyBytes;

  ImageFooter(ImageIdentity identity) {
    this.identity = identity;
  }

  /** Offset of a meta section in the image. */
  long sectionOffset(int section) {
    long offset = metaOffset;
    for (int i = 0; i < section; i++) {
      offset += sectionBytes[i];
    }
    return offset;
  }

  long metaBytes() {
    return imageBytes - BYTES - metaOffset;
  }

  void write(MemorySegment target) {
    target.set(LONG, IMAGE_ID, imageId);
    target.set(LONG, IMAGE_BYTES, imageBytes);
    target.set(LONG, META_OFFSET, metaOffset);
    for (int i = 0; i < SECTIONS; i++) {
      target.set(LONG, SECTION_BYTES + i * 8L, sectionBytes[i]);
      target.set(INT, SECTION_CRCS + i * 4L, sectionCrcs[i]);
    }
    target.set(LONG, BLOCKS, blocks);
    target.set(LONG, ENTRIES, entries);
    target.set(LONG, KEYS, keys);
    target.set(LONG, SMALLEST_SEQUENCE, smallestSequence);
    target.set(LONG, LARGEST_SEQUENCE, largestSequence);
    target.set(LONG, DATABASE_HIGH, identity.database().getMostSignificantBits());
    target.set(LONG, DATABASE_LOW, identity.database().getLeastSignificantBits());
    target.set(LONG, EPOCH, identity.epoch());
    target.set(LONG, MEMTABLE, identity.memtableId());
    target.set(LONG, FIRST_SEQUENCE, identity.firstSequence());
    target.set(LONG, LAST_SEQUENCE, identity.lastSequence());
    target.set(INT, FAMILY, identity.family());
    target.set(INT, SHARD, shard);
    target.set(INT, SHARD_COUNT, shardCount);
    target.set(INT, FILTER_PROBES, filterProbes);
    target.set(INT, SMALLEST_KEY_BYTES, smallestKeyBytes);
    target.set(INT, LARGEST_KEY_BYTES, largestKeyBytes);
    target.set(LONG, RESERVED, 0);
    target.set(INT, FORMAT_VERSION, ImageFormat.VERSION);
    target.set(INT, CRC, Checksums.crc32c(target.asSlice(0, CRC)));
    target.set(LONG, MAGIC, ImageFormat.MAGIC);
  }

  /** Decodes and checks the footer of an image of {@code imageBytes} bytes. */
  static ImageFooter read(MemorySegment source, long imageBytes) {
    require(source.byteSize() == BYTES, "is cut short");
    require(source.get(LONG, MAGIC) == ImageFormat.MAGIC, "has no magic: not an image");
    int crc = Checksums.crc32c(source.asSlice(0, CRC));
    require(source.get(INT, CRC) == crc, "does not match its CRC");
    int version = source.get(INT, FORMAT_VERSION);
    if (version != ImageFormat.VERSION) {
      throw DwarfException.notSupported(
          "image of format " + version + ": this version reads " + ImageFormat.VERSION);
    }
    require(source.get(LONG, RESERVED) == 0, "has reserved bytes set");
    ImageFooter footer = decode(source);
    footer.checkSections(imageBytes);
    footer.checkCounts();
    return footer;
  }

  private static ImageFooter decode(MemorySegment source) {
    long first = source.get(LONG, FIRST_SEQUENCE);
    long last = source.get(LONG, LAST_SEQUENCE);
    require(1 <= first && first <= last && last <= Limits.MAX_SEQUENCE, "covers no sequences");
    ImageFooter footer =
        new ImageFooter(
            new ImageIdentity(
                new UUID(source.get(LONG, DATABASE_HIGH), source.get(LONG, DATABASE_LOW)),
                source.get(LONG, EPOCH),
                source.get(INT, FAMILY),
                source.get(LONG, MEMTABLE),
                first,
                last));
    footer.imageId = source.get(LONG, IMAGE_ID);
    footer.imageBytes = source.get(LONG, IMAGE_BYTES);
    footer.metaOffset = source.get(LONG, META_OFFSET);
    for (int i = 0; i < SECTIONS; i++) {
      footer.sectionBytes[i] = source.get(LONG, SECTION_BYTES + i * 8L);
      footer.sectionCrcs[i] = source.get(INT, SECTION_CRCS + i * 4L);
    }
    footer.blocks = source.get(LONG, BLOCKS);
    footer.entries = source.get(LONG, ENTRIES);
    footer.keys = source.get(LONG, KEYS);
    footer.smallestSequence = source.get(LONG, SMALLEST_SEQUENCE);
    footer.largestSequence = source.get(LONG, LARGEST_SEQUENCE);
    footer.shard = source.get(INT, SHARD);
    footer.shardCount = source.get(INT, SHARD_COUNT);
    footer.filterProbes = source.get(INT, FILTER_PROBES);
    footer.smallestKeyBytes = source.get(INT, SMALLEST_KEY_BYTES);
    footer.largestKeyBytes = source.get(INT, LARGEST_KEY_BYTES);
    return footer;
  }

  private void checkSections(long expectedBytes) {
    require(imageId != 0, "has no image id");
    require(imageBytes == expectedBytes, "is for " + imageBytes + " bytes, not " + expectedBytes);
    require(imageBytes % 8 == 0 && metaOffset % 8 == 0, "is not aligned");
    require(metaOffset > ImageFormat.HEADER_BYTES && metaBytes() > 0, "leaves no room for records");
    long left = metaBytes();
    for (long bytes : sectionBytes) {
      require(bytes >= 0 && bytes <= left && bytes % 8 == 0, "has sections beyond the image");
      left -= bytes;
    }
    require(left == 0, "has sections that do not fill the image");
    require(sectionBytes[TOMBSTONES] == 0, "announces range tombstones, unknown to version 1");
    require(sectionBytes[FILTER] % BloomFilter.LINE_BYTES == 0, "has a filter of part lines");
    require(filterProbes >= 0 && filterProbes <= BloomFilter.MAX_PROBES, "has too many probes");
  }

  private void checkCounts() {
    require(
        smallestKeyBytes >= 0
            && smallestKeyBytes <= Limits.MAX_KEY_BYTES
            && largestKeyBytes >= 0
            && largestKeyBytes <= Limits.MAX_KEY_BYTES
            && sectionBytes[RANGE] == ImageFormat.align((long) smallestKeyBytes + largestKeyBytes),
        "has a key range of the wrong length");
    require(
        shard >= 0 && shard < shardCount && shardCount <= Limits.MAX_SHARDS,
        "is shard " + shard + " of " + shardCount);
    require(
        1 <= blocks
            && blocks <= sectionBytes[INDEX] / LEAST_INDEX_ENTRY_BYTES
            && blocks <= Integer.MAX_VALUE,
        "counts " + blocks + " blocks");
    require(
        1 <= keys && keys <= entries && entries <= metaOffset && blocks <= entries,
        "counts " + entries + " records of " + keys + " keys");
    require(
        identity.firstSequence() <= smallestSequence
            && smallestSequence <= largestSequence
            && largestSequence <= identity.lastSequence(),
        "has sequences outside its memtable's");
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw DwarfException.corruption(
          "image footer " + problem + "; ship or rebuild this shard again");
    }
  }
}
