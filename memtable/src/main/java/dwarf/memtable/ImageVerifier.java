package dwarf.memtable;

import static dwarf.memtable.ImageFormat.INT;
import static dwarf.memtable.ImageFormat.LONG;

import dwarf.base.Checksums;
import java.lang.foreign.MemorySegment;

/** Proves that an image is what its writer made: the whole of {@link ShardIndex#verify}. */
final class ImageVerifier {

  private final MemorySegment image;
  private final ShardIndex index;
  private final ImageFooter footer;
  private MemorySegment lastKey;
  private long lastSequence;
  private long entries;
  private long keys;
  private long smallestSequence = Long.MAX_VALUE;
  private long largestSequence;

  ImageVerifier(MemorySegment image) {
    this.image = image;
    index = ShardIndex.view(image);
    footer = index.footer();
  }

  void run() {
    checkHeader();
    Block block = index.newBlock();
    for (int i = 0; i < index.blocks(); i++) {
      block.set(image.asSlice(index.offset(i), index.blockLength(i)), index.offset(i));
      block.checkLayout();
      checkRecords(block, i);
    }
    require(
        entries == footer.entries && keys == footer.keys,
        "holds " + entries + " records of " + keys + " keys, unlike its footer");
    require(
        smallestSequence == footer.smallestSequence && largestSequence == footer.largestSequence,
        "holds sequences " + smallestSequence + ".." + largestSequence + ", unlike its footer");
    require(KeyBytes.same(lastKey, index.largestKey()), "does not end with its largest key");
  }

  private void checkHeader() {
    int crc = Checksums.crc32c(image.asSlice(0, ImageFormat.HEADER_CRC));
    require(
        image.get(LONG, 0) == ImageFormat.MAGIC
            && image.get(INT, ImageFormat.HEADER_VERSION) == ImageFormat.VERSION
            && image.get(INT, ImageFormat.HEADER_RESERVED_1) == 0
            && image.get(LONG, ImageFormat.HEADER_IMAGE_ID) == footer.imageId
            && image.get(LONG, ImageFormat.HEADER_IMAGE_BYTES) == footer.imageBytes
            && image.get(INT, ImageFormat.HEADER_RESERVED_2) == 0
            && image.get(INT, ImageFormat.HEADER_CRC) == crc,
        "has a header that does not belong to its footer");
  }

  private void checkRecords(Block block, int number) {
    for (int i = 0; i < block.count(); i++) {
      block.moveTo(i);
      checkOrder(block);
      MemorySegment key = block.key();
      long sequence = block.sequence();
      if (!block.type().isSupported()) {
        throw block.damaged("has a record of reserved type " + block.type());
      }
      if (!index.mayContain(LookupKey.of(key))) {
        throw block.damaged("has a key that filter or key range deny");
      }
      if (number > 0 && index.compareSeparator(number - 1, key, sequence) >= 0) {
        throw block.damaged("has a record before the separator in front of it");
      }
      smallestSequence = Math.min(smallestSequence, sequence);
      largestSequence = Math.max(largestSequence, sequence);
      lastKey = key;
      lastSequence = sequence;
      entries++;
    }
    if (index.compareSeparator(number, lastKey, lastSequence) < 0) {
      throw block.damaged("has a record after its separator");
    }
  }

  private void checkOrder(Block block) {
    boolean newKey = lastKey == null || !block.isOn(lastKey);
    keys += newKey ? 1 : 0;
    if (lastKey == null) {
      require(block.isOn(index.smallestKey()), "does not start with its smallest key");
    } else if (KeyBytes.compare(lastKey, lastSequence, block.key(), block.sequence()) >= 0) {
      throw block.damaged(
          "has records out of order at " + KeyBytes.show(block.key(), block.sequence()));
    }
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw ImageFormat.damaged(footer.imageId, problem);
    }
  }
}
