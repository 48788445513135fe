package dwarf.memtable;

import static dwarf.memtable.ImageFormat.LONG;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a reader needs to know of one image without touching its records: identity, key range, block
 * index and filter, one or two percent of the image. Detached: a copy in local memory, which the
 * garbage collector frees.
 *
 * <p>X1. For any (key, sequence) the record a reader wants, if it is in the image, is in the block
 * that {@link #blockFor} names, so a point read reads one block. X2. Everything here was verified
 * by CRC when it was loaded; offsets and lengths are consistent with the image's length.
 *
 * <p>Immutable and thread-safe.
 */
public final class ShardIndex {

  private static final long READ_CHUNK = 64L << 20;
  private static final long OBJECT_BYTES = 512;

  private final ImageFooter footer;
  private final MemorySegment smallestKey;
  private final MemorySegment largestKey;
  private final long smallestPrefix;
  private final long largestPrefix;
  private final MemorySegment offsets;
  private final MemorySegment separatorEnds;
  private final MemorySegment separators;
  private final BloomFilter filter;

  private ShardIndex(ImageFooter footer, MemorySegment meta) {
    this.footer = footer;
    for (int i = 0; i < ImageFooter.SECTIONS; i++) {
      checkSection(meta, i);
    }
    MemorySegment range = section(meta, ImageFooter.RANGE);
    smallestKey = range.asSlice(0, footer.smallestKeyBytes);
    largestKey = range.asSlice(footer.smallestKeyBytes, footer.largestKeyBytes);
    smallestPrefix = KeyBytes.prefix(smallestKey);
    largestPrefix = KeyBytes.prefix(largestKey);
    MemorySegment index = section(meta, ImageFooter.INDEX);
    long column = footer.blocks * Long.BYTES;
    offsets = index.asSlice(0, column);
    separatorEnds = index.asSlice(column, column);
    separators = index.asSlice(2 * column);
    filter = new BloomFilter(section(meta, ImageFooter.FILTER), footer.filterProbes);
    checkIndex();
  }

  /** Reads the index of an image: its footer, then everything else in one read (per 64 MiB). */
  public static ShardIndex load(BlockSource source, long imageBytes) {
    ImageFooter footer = readFooter(source, imageBytes);
    MemorySegment meta = Arena.ofAuto().allocate(footer.metaBytes(), Long.BYTES);
    for (long at = 0; at < meta.byteSize(); at += READ_CHUNK) {
      int length = (int) Math.min(READ_CHUNK, meta.byteSize() - at);
      MemorySegment part = source.read(footer.metaOffset + at, length);
      MemorySegment.copy(part, 0, meta, at, length);
    }
    return new ShardIndex(footer, meta.asReadOnly());
  }

  /** The index of an image in local memory, as a view; valid as long as the image. */
  static ShardIndex view(MemorySegment image) {
    ImageFooter footer = readFooter(ShardReader.over(image), image.byteSize());
    return new ShardIndex(footer, image.asSlice(footer.metaOffset, footer.metaBytes()));
  }

  /**
   * Checks every byte of an image: all CRCs, all offsets, the order of the records, the counts, the
   * filter. CORRUPTION says what is wrong and where.
   */
  public static void verify(MemorySegment image) {
    new ImageVerifier(image).run();
  }

  private static ImageFooter readFooter(BlockSource source, long imageBytes) {
    if (imageBytes < ImageFormat.HEADER_BYTES + ImageFooter.BYTES) {
      throw DwarfException.corruption(
          "an image of " + imageBytes + " bytes is too short to be one");
    }
    int length = ImageFooter.BYTES;
    return ImageFooter.read(source.read(imageBytes - length, length), imageBytes);
  }

  public ImageIdentity identity() {
    return footer.identity;
  }

  public int shard() {
    return footer.shard;
  }

  public int shardCount() {
    return footer.shardCount;
  }

  public long imageBytes() {
    return footer.imageBytes;
  }

  /** Records, all versions counted. */
  public long entries() {
    return footer.entries;
  }

  /** Distinct user keys. */
  public long keys() {
    return footer.keys;
  }

  public MemorySegment smallestKey() {
    return smallestKey;
  }

  public MemorySegment largestKey() {
    return largestKey;
  }

  public long smallestSequence() {
    return footer.smallestSequence;
  }

  public long largestSequence() {
    return footer.largestSequence;
  }

  /** Local memory this index takes. */
  public long memoryBytes() {
    return footer.metaBytes() + OBJECT_BYTES;
  }

  /** False only if the image has no version of the key. */
  public boolean mayContain(LookupKey key) {
    return compareRange(key) == 0 && passesFilter(key);
  }

  /** False only if the image has no version of the key, which must be in its range. */
  public boolean passesFilter(LookupKey key) {
    return filter.mayContain(key.filterHash());
  }

  /** Where the key lies: before the range of this image's keys (-1), in it (0), or behind (1). */
  public int compareRange(LookupKey key) {
    long prefix = key.prefix();
    int order = Long.compareUnsigned(prefix, smallestPrefix);
    if (order < 0 || (order == 0 && Keys.compare(key.bytes(), smallestKey) < 0)) {
      return -1;
    }
    order = Long.compareUnsigned(prefix, largestPrefix);
    return order > 0 || (order == 0 && Keys.compare(key.bytes(), largestKey) > 0) ? 1 : 0;
  }

  long imageId() {
    return footer.imageId;
  }

  ImageFooter footer() {
    return footer;
  }

  int blocks() {
    return (int) footer.blocks;
  }

  long offset(int block) {
    return offsets.get(LONG, 8L * block);
  }

  int blockLength(int block) {
    return (int) (blockEnd(block) - offset(block));
  }

  /**
   * The first block that can hold a record at or after (key, sequence); {@link #blocks} if none.
   */
  int blockFor(MemorySegment key, long sequence) {
    int low = 0;
    int high = blocks();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareSeparator(middle, key, sequence) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Internal order of separator {@code block} and (key, sequence). */
  int compareSeparator(int block, MemorySegment key, long sequence) {
    long from = separatorFrom(block);
    int order = Keys.compare(separators, from, separatorKeyEnd(block), key, 0, key.byteSize());
    return order != 0 ? order : Long.compare(sequence, separatorSequence(block));
  }

  Block newBlock() {
    return new Block(footer.imageId, footer.identity.firstSequence());
  }

  private long blockEnd(int block) {
    return block + 1 < blocks() ? offset(block + 1) : footer.metaOffset;
  }

  private long separatorFrom(int block) {
    return block == 0 ? 0 : separatorEnd(block - 1);
  }

  private long separatorEnd(int block) {
    return separatorEnds.get(LONG, 8L * block) & ~ImageFormat.SEPARATOR_HAS_SEQUENCE;
  }

  private boolean hasSequence(int block) {
    return separatorEnds.get(LONG, 8L * block) < 0;
  }

  private long separatorKeyEnd(int block) {
    return separatorEnd(block) - (hasSequence(block) ? Long.BYTES : 0);
  }

  private long separatorSequence(int block) {
    return hasSequence(block) ? separators.get(LONG, separatorKeyEnd(block)) : 0;
  }

  private MemorySegment section(MemorySegment meta, int section) {
    long offset = footer.sectionOffset(section) - footer.metaOffset;
    return meta.asSlice(offset, footer.sectionBytes[section]);
  }

  private void checkSection(MemorySegment meta, int section) {
    int crc = Checksums.crc32c(footer.imageId, section(meta, section));
    require(crc == footer.sectionCrcs[section], "section " + section + " does not match its CRC");
  }

  /** Reads each column once, so that little code is made of it for each new image. */
  private void checkIndex() {
    require(Keys.compare(smallestKey, largestKey) <= 0, "key range is upside down");
    long from = ImageFormat.HEADER_BYTES;
    long previousEnd = 0;
    long separatorBytes = separators.byteSize();
    for (int i = 0; i < blocks(); i++) {
      long to = blockEnd(i);
      if (!isPlace(from, to) || (i == 0 && offset(0) != from)) {
        throw ImageFormat.damaged(footer.imageId, "block " + i + " has no place");
      }
      long marked = separatorEnds.get(LONG, 8L * i);
      long end = marked & ~ImageFormat.SEPARATOR_HAS_SEQUENCE;
      long keyEnd = marked < 0 ? end - Long.BYTES : end;
      if (end > separatorBytes || keyEnd < previousEnd) {
        throw ImageFormat.damaged(footer.imageId, "separator " + i + " has no place");
      }
      previousEnd = end;
      from = to;
    }
  }

  private static boolean isPlace(long from, long to) {
    long length = to - from;
    return from % 8 == 0
        && length >= 2 * ImageFormat.BLOCK_TRAILER_BYTES
        && length <= ImageFormat.MAX_BLOCK_LENGTH;
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw ImageFormat.damaged(footer.imageId, problem);
    }
  }
}
