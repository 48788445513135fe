package dwarf.memtable;

import static dwarf.memtable.ImageFormat.INT;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One verified block, and a position in it. The CRC is checked when the block is set; lengths are
 * checked again as records are parsed, so that no content can lead outside the block.
 */
final class Block {

  private final long imageId;
  private final long baseSequence;
  private MemorySegment bytes = MemorySegment.NULL;
  private long offset;
  private int count;
  private long restartsFrom;
  private int at;
  private long start;
  private long end;
  private long keyFrom;
  private long valueFrom;
  private long tag;

  Block(long imageId, long baseSequence) {
    this.imageId = imageId;
    this.baseSequence = baseSequence;
  }

  /** Verifies a block and stands on its first record. */
  void set(MemorySegment block, long offsetInImage) {
    bytes = block;
    offset = offsetInImage;
    long length = block.byteSize();
    long crcFrom = length - Integer.BYTES;
    if (Checksums.crc32c(imageId, block.asSlice(0, crcFrom)) != block.get(INT, crcFrom)) {
      throw damaged("does not match its CRC");
    }
    count = block.get(INT, length - ImageFormat.BLOCK_TRAILER_BYTES);
    long restartBytes = 4L * ImageFormat.restarts(Math.max(count, 0));
    restartsFrom = length - ImageFormat.BLOCK_TRAILER_BYTES - restartBytes;
    if (count < 1 || restartsFrom < count * 3L) {
      throw damaged("counts " + count + " records");
    }
    parse(0, 0);
  }

  int count() {
    return count;
  }

  /** The number of the current record. */
  int at() {
    return at;
  }

  MemorySegment key() {
    return bytes.asSlice(keyFrom, valueFrom - keyFrom);
  }

  MemorySegment value() {
    return bytes.asSlice(valueFrom, end - valueFrom);
  }

  long sequence() {
    return baseSequence + (tag >>> ImageFormat.TAG_TYPE_BITS);
  }

  RecordType type() {
    return RecordType.fromCode((byte) (tag & ((1 << ImageFormat.TAG_TYPE_BITS) - 1)));
  }

  /** To record {@code i}, from wherever the block stands. */
  void moveTo(int i) {
    if (i < at || i - at > ImageFormat.RESTART_INTERVAL) {
      moveToRestart(i / ImageFormat.RESTART_INTERVAL);
    }
    while (at < i) {
      parse(at + 1, end);
    }
  }

  /**
   * To the first record at or after (key, sequence) in internal order; false, and nowhere in
   * particular, if all are before it.
   */
  boolean seek(MemorySegment key, long sequence) {
    int low = 0;
    int high = ImageFormat.restarts(count) - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      moveToRestart(middle);
      if (compareTo(key, sequence) < 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    moveToRestart(low);
    while (compareTo(key, sequence) < 0) {
      if (at == count - 1) {
        return false;
      }
      parse(at + 1, end);
    }
    return true;
  }

  boolean isOn(MemorySegment key) {
    return valueFrom - keyFrom == key.byteSize() && compareKey(key) == 0;
  }

  /** What {@link #set} leaves unproved: the padding, and that restarts are where records start. */
  void checkLayout() {
    for (int i = 0; i < count; i++) {
      moveTo(i);
      if (i % ImageFormat.RESTART_INTERVAL == 0
          && start != restart(i / ImageFormat.RESTART_INTERVAL)) {
        throw damaged("has restart " + i / ImageFormat.RESTART_INTERVAL + " between records");
      }
    }
    if (restartsFrom - end >= Long.BYTES) {
      throw damaged("has bytes after its last record");
    }
    for (long i = end; i < restartsFrom; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
        throw damaged("has padding that is not zero");
      }
    }
    moveTo(0);
  }

  DwarfException damaged(String problem) {
    return ImageFormat.damaged(imageId, "block at offset " + offset + " " + problem);
  }

  private int compareTo(MemorySegment key, long sequence) {
    int order = compareKey(key);
    return order != 0 ? order : Long.compare(sequence, sequence());
  }

  private int compareKey(MemorySegment key) {
    return Keys.compare(bytes, keyFrom, valueFrom, key, 0, key.byteSize());
  }

  private long restart(int i) {
    return Integer.toUnsignedLong(bytes.get(INT, restartsFrom + 4L * i));
  }

  private void moveToRestart(int restart) {
    parse(restart * ImageFormat.RESTART_INTERVAL, restart(restart));
  }

  private void parse(int record, long from) {
    at = record;
    start = from;
    end = from;
    long keyLength = varint();
    long valueLength = varint();
    tag = varint();
    keyFrom = end;
    if (keyLength > Limits.MAX_KEY_BYTES
        || valueLength > Limits.MAX_VALUE_BYTES
        || keyLength + valueLength > restartsFrom - end) {
      throw damaged("has record " + record + " beyond its end");
    }
    valueFrom = keyFrom + keyLength;
    end = valueFrom + valueLength;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      if (end >= restartsFrom) {
        break;
      }
      byte b = bytes.get(ValueLayout.JAVA_BYTE, end++);
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("has a record without an end");
  }
}
