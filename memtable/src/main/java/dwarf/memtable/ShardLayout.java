package dwarf.memtable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Where everything of one shard's image goes, worked out from record lengths before a byte is
 * written, so that exactly the right amount of memory can be asked for. Immutable.
 */
final class ShardLayout {

  /** The shard's records are {@code from} (kept) to {@code to} exclusive. */
  final int from;

  final int to;

  /** The last kept record. */
  final int last;

  final long entries;
  final long keys;

  /** Index of the first record of each block. */
  final int[] blockStarts;

  final long metaOffset;
  final long separatorBytes;
  final long filterBytes;
  final long rangeBytes;

  private ShardLayout(Builder built, double bloomBitsPerKey) {
    from = built.from;
    to = built.to;
    last = built.last;
    entries = built.entries;
    keys = built.keys;
    blockStarts = Arrays.copyOf(built.blockStarts, built.blocks);
    metaOffset = built.offset;
    separatorBytes = built.separatorBytes;
    filterBytes = BloomFilter.bytesFor(keys, bloomBitsPerKey);
    rangeBytes =
        ImageFormat.align((long) built.records.keyLength(from) + built.records.keyLength(last));
  }

  static ShardLayout of(SortedRecords records, KeptRecords kept, int from, int to, SealSpec spec) {
    Builder builder = new Builder(records, from, to);
    builder.run(kept, spec.blockBytes());
    return new ShardLayout(builder, spec.bloomBitsPerKey());
  }

  int blocks() {
    return blockStarts.length;
  }

  int blockEnd(int block) {
    return block + 1 < blockStarts.length ? blockStarts[block + 1] : to;
  }

  long indexBytes() {
    return ImageFormat.align(2L * Long.BYTES * blocks() + separatorBytes);
  }

  long imageBytes() {
    return metaOffset + rangeBytes + indexBytes() + filterBytes + ImageFooter.BYTES;
  }

  private static final class Builder {
    final SortedRecords records;
    final int from;
    final int to;
    int last;
    long entries;
    long keys;
    int[] blockStarts = new int[16];
    int blocks;
    long offset = ImageFormat.HEADER_BYTES;
    long separatorBytes;
    private long blockRecordBytes;
    private int blockRecords;

    Builder(SortedRecords records, int from, int to) {
      this.records = records;
      this.from = from;
      this.to = to;
    }

    void run(KeptRecords kept, int blockBytes) {
      startBlock(from);
      for (int i = from; i < to; i++) {
        if (!kept.isKept(i)) {
          continue;
        }
        int bytes = kept.bytes(i);
        if (blockRecords > 0
            && ImageFormat.blockLength(blockRecordBytes + bytes, blockRecords + 1) > blockBytes) {
          MemorySegment next = kept.startsKey(i) ? records.key(i) : null;
          endBlock(Separator.between(records.key(last), next));
          startBlock(i);
        }
        blockRecordBytes += bytes;
        blockRecords++;
        entries++;
        keys += kept.startsKey(i) ? 1 : 0;
        last = i;
      }
      endBlock(Separator.after(records.key(last)));
    }

    private void startBlock(int record) {
      if (blocks == blockStarts.length) {
        blockStarts = Arrays.copyOf(blockStarts, blocks * 2);
      }
      blockStarts[blocks++] = record;
      blockRecordBytes = 0;
      blockRecords = 0;
    }

    private void endBlock(Separator separator) {
      offset += ImageFormat.blockLength(blockRecordBytes, blockRecords);
      separatorBytes += separator.bytes();
    }
  }
}
