package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The payload of a frame: the batches of a commit group. The layout is in {@link FrameHeader}. */
final class FramePayload {

  /** Longest prefix of one batch: two varint64 and a varint32. */
  static final int MAX_PREFIX_BYTES = 10 + 5 + 10;

  private FramePayload() {}

  /** The frame's length in bytes, without its header. */
  static long length(WalFrame frame, long previousSequence) {
    long length = 0;
    long last = previousSequence;
    List<WalBatch> batches = frame.batches();
    for (int i = 0; i < batches.size(); i++) {
      WalBatch batch = batches.get(i);
      length +=
          varintBytes(batch.firstSequence() - last - 1)
              + varintBytes(batch.count())
              + varintBytes(batch.bytes().byteSize())
              + batch.bytes().byteSize();
      last = batch.lastSequence();
    }
    return length;
  }

  /** Lays the prefix of a batch out at that offset; returns the offset behind it. */
  static long encodePrefix(MemorySegment to, long offset, WalBatch batch, long previousSequence) {
    long next = putVarint(to, offset, batch.firstSequence() - previousSequence - 1);
    next = putVarint(to, next, batch.count());
    return putVarint(to, next, batch.bytes().byteSize());
  }

  /**
   * Takes a payload apart. It has passed its checksum, so what does not parse is damage of memory
   * or a bug of the writer.
   */
  static List<WalBatch> decode(MemorySegment payload, FrameHeader header) {
    List<WalBatch> batches = new ArrayList<>();
    Cursor in = new Cursor(payload);
    long last = header.previousSequence();
    while (in.at < payload.byteSize()) {
      long first = last + 1 + in.varint(Limits.MAX_SEQUENCE - last);
      int count = (int) in.varint(Integer.MAX_VALUE);
      MemorySegment bytes = in.bytes();
      FamilySet families = new FamilySet();
      int records = BatchCodec.forEach(bytes, (type, family, key, value) -> families.add(family));
      if (records != count || count == 0) {
        throw DwarfException.corruption(
            "a batch of " + records + " records claims to have " + count);
      }
      batches.add(new WalBatch(first, count, bytes, families.toArray()));
      last = first + count - 1;
    }
    if (batches.isEmpty() || last != header.lastSequence()) {
      throw DwarfException.corruption(
          "its batches end at sequence " + last + ", its header says " + header.lastSequence());
    }
    return batches;
  }

  private static int varintBytes(long value) {
    return value == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7;
  }

  private static long putVarint(MemorySegment to, long offset, long value) {
    long next = offset;
    long rest = value;
    while (rest > 0x7f) {
      to.set(ValueLayout.JAVA_BYTE, next++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    to.set(ValueLayout.JAVA_BYTE, next++, (byte) rest);
    return next;
  }

  private static final class Cursor {
    private final MemorySegment payload;
    private long at;

    Cursor(MemorySegment payload) {
      this.payload = payload;
    }

    long varint(long max) {
      long value = 0;
      for (int shift = 0; shift < 63 && at < payload.byteSize(); shift += 7) {
        byte next = payload.get(ValueLayout.JAVA_BYTE, at++);
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          if (value > max) {
            break;
          }
          return value;
        }
      }
      throw DwarfException.corruption("a number at payload offset " + at + " is out of range");
    }

    MemorySegment bytes() {
      long length = varint(payload.byteSize());
      if (length > payload.byteSize() - at) {
        throw DwarfException.corruption("a batch reaches over the end of the payload");
      }
      MemorySegment bytes = payload.asSlice(at, length);
      at += length;
      return bytes;
    }
  }
}
