package dwarf.memtable;

import static dwarf.memtable.ImageFormat.INT;
import static dwarf.memtable.ImageFormat.LONG;

import dwarf.base.Checksums;
import dwarf.base.Invariants;
import java.lang.foreign.MemorySegment;

/**
 * Gathers the kept records of one shard into one image. Every byte of the target is written, so
 * that nothing of what the memory held before remains. Used once, by one thread.
 *
 * <p>What is done once for an image is kept apart from the loop over its blocks. Together the JVM's
 * compiler made 50 KB of code of them, in half a second, for the sake of the loop.
 */
final class ImageWriter {

  private final SortedRecords records;
  private final KeptRecords kept;
  private final ShardLayout layout;
  private final ImageFooter footer;
  private final MemorySegment target;
  private final BloomFilter filter;
  private final LoadAhead ahead;
  private long at;
  private long separatorsFrom;
  private long separatorEnd;

  /**
   * @param footer with image id, identity, shard and filter probes filled in; the rest is computed
   */
  ImageWriter(
      SortedRecords records,
      KeptRecords kept,
      ShardLayout layout,
      ImageFooter footer,
      MemorySegment target) {
    this.records = records;
    this.kept = kept;
    this.layout = layout;
    this.footer = footer;
    this.target = target;
    footer.imageBytes = layout.imageBytes();
    footer.metaOffset = layout.metaOffset;
    footer.sectionBytes[ImageFooter.RANGE] = layout.rangeBytes;
    footer.sectionBytes[ImageFooter.INDEX] = layout.indexBytes();
    footer.sectionBytes[ImageFooter.FILTER] = layout.filterBytes;
    footer.sectionBytes[ImageFooter.TOMBSTONES] = 0;
    footer.blocks = layout.blocks();
    footer.entries = layout.entries;
    footer.keys = layout.keys;
    footer.smallestSequence = Long.MAX_VALUE;
    footer.largestSequence = 0;
    filter = new BloomFilter(section(ImageFooter.FILTER), footer.filterProbes);
    ahead = LoadAhead.ofRecords(records, layout.from);
  }

  void write() {
    target.asSlice(layout.metaOffset).fill((byte) 0);
    writeHeader();
    separatorsFrom = footer.sectionOffset(ImageFooter.INDEX) + 2L * Long.BYTES * layout.blocks();
    at = ImageFormat.HEADER_BYTES;
    writeBlocks();
    Invariants.check(
        at == layout.metaOffset && separatorEnd == layout.separatorBytes,
        "an image has the length its layout says");
    writeRange();
    for (int i = 0; i < ImageFooter.SECTIONS; i++) {
      footer.sectionCrcs[i] = Checksums.crc32c(footer.imageId, section(i));
    }
    footer.write(target.asSlice(footer.imageBytes - ImageFooter.BYTES, ImageFooter.BYTES));
  }

  private MemorySegment section(int section) {
    return target.asSlice(footer.sectionOffset(section), footer.sectionBytes[section]);
  }

  private void writeHeader() {
    target.set(LONG, 0, ImageFormat.MAGIC);
    target.set(INT, ImageFormat.HEADER_VERSION, ImageFormat.VERSION);
    target.set(INT, ImageFormat.HEADER_RESERVED_1, 0);
    target.set(LONG, ImageFormat.HEADER_IMAGE_ID, footer.imageId);
    target.set(LONG, ImageFormat.HEADER_IMAGE_BYTES, footer.imageBytes);
    target.set(INT, ImageFormat.HEADER_RESERVED_2, 0);
    int crc = Checksums.crc32c(target.asSlice(0, ImageFormat.HEADER_CRC));
    target.set(INT, ImageFormat.HEADER_CRC, crc);
  }

  private void writeBlocks() {
    for (int block = 0; block < layout.blocks(); block++) {
      writeBlock(block);
    }
  }

  private void writeBlock(int block) {
    long start = at;
    int end = layout.blockEnd(block);
    int last = layout.blockStarts[block];
    int count = 0;
    int[] restarts = new int[ImageFormat.restarts(end - last)];
    for (int i = last; i < end; i = kept.firstKept(i + 1, end)) {
      if (count % ImageFormat.RESTART_INTERVAL == 0) {
        restarts[count / ImageFormat.RESTART_INTERVAL] = (int) (at - start);
      }
      writeRecord(i);
      last = i;
      count++;
    }
    endBlock(start, restarts, count);
    writeSeparator(block, start, last);
  }

  private void writeRecord(int i) {
    ahead.reach(i);
    int keyLength = records.keyLength(i);
    int valueLength = records.valueLength(i);
    at = ImageFormat.putHead(target, at, keyLength, valueLength, tag(i));
    records.copyKeyValue(i, target, at);
    if (kept.startsKey(i)) {
      filter.add(target.asSlice(at, keyLength));
    }
    at += (long) keyLength + valueLength;
  }

  private long tag(int i) {
    long sequence = records.sequence(i);
    footer.smallestSequence = Math.min(footer.smallestSequence, sequence);
    footer.largestSequence = Math.max(footer.largestSequence, sequence);
    long relative = sequence - footer.identity.firstSequence();
    return relative << ImageFormat.TAG_TYPE_BITS | records.type(i).code();
  }

  private void endBlock(long start, int[] restarts, int count) {
    long length = ImageFormat.blockLength(at - start, count);
    int used = ImageFormat.restarts(count);
    long restartsFrom = start + length - ImageFormat.BLOCK_TRAILER_BYTES - 4L * used;
    // The gap is less than that, and what follows it is still to be written.
    target.set(LONG, at, 0);
    for (int i = 0; i < used; i++) {
      target.set(INT, restartsFrom + 4L * i, restarts[i]);
    }
    at = start + length;
    target.set(INT, at - 8, count);
    MemorySegment covered = target.asSlice(start, length - 4);
    target.set(INT, at - 4, Checksums.crc32c(footer.imageId, covered));
  }

  private void writeSeparator(int block, long blockOffset, int last) {
    Separator separator = separator(block, last);
    long to = separatorsFrom + separatorEnd;
    ShortBytes.copy(separator.key(), 0, target, to, separator.key().byteSize());
    separatorEnd += separator.bytes();
    long end = separatorEnd;
    if (separator.hasSequence()) {
      target.set(LONG, separatorsFrom + separatorEnd - Long.BYTES, records.sequence(last));
      end |= ImageFormat.SEPARATOR_HAS_SEQUENCE;
    }
    long index = footer.sectionOffset(ImageFooter.INDEX);
    target.set(LONG, index + 8L * block, blockOffset);
    target.set(LONG, index + 8L * (layout.blocks() + block), end);
  }

  private Separator separator(int block, int last) {
    MemorySegment key = records.key(last);
    if (block == layout.blocks() - 1) {
      return Separator.after(key);
    }
    int next = layout.blockStarts[block + 1];
    return Separator.between(key, kept.startsKey(next) ? records.key(next) : null);
  }

  private void writeRange() {
    MemorySegment smallest = records.key(layout.from);
    MemorySegment largest = records.key(layout.last);
    footer.smallestKeyBytes = (int) smallest.byteSize();
    footer.largestKeyBytes = (int) largest.byteSize();
    long offset = footer.sectionOffset(ImageFooter.RANGE);
    MemorySegment.copy(smallest, 0, target, offset, smallest.byteSize());
    offset += smallest.byteSize();
    MemorySegment.copy(largest, 0, target, offset, largest.byteSize());
  }
}
