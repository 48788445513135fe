package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes of one write batch, as they lie in the log: a sequence of records, each one sequence
 * number further than the one before it.
 *
 * <pre>
 *   u8        record type (RecordType)
 *   varint32  family
 *   varint32  key length      at most {@link Limits#MAX_KEY_BYTES}
 *   bytes     key
 *   varint32  value length    PUT only; at most {@link Limits#MAX_VALUE_BYTES}
 *   bytes     value           PUT only
 * </pre>
 *
 * A batch has no checksum of its own: the frame around it has one.
 */
public final class BatchCodec {

  /** Longest varint32. */
  static final int MAX_VARINT_BYTES = 5;

  /** Is shown each record of a batch; the segments are views, valid during the call. */
  @FunctionalInterface
  public interface Visitor {
    /** Is called once per record; the value is empty for deletions. */
    void record(RecordType type, int family, MemorySegment key, MemorySegment value);
  }

  private BatchCodec() {}

  /**
   * Shows every record in order and returns how many there are. A batch that does not parse is
   * CORRUPTION, a record type of a later version NOT_SUPPORTED; the records before it have been
   * shown then.
   */
  public static int forEach(MemorySegment batch, Visitor visitor) {
    Decoder in = new Decoder(batch);
    int count = 0;
    while (in.at < in.end) {
      RecordType type = in.type();
      int family = in.varint("family", Integer.MAX_VALUE);
      MemorySegment key = in.bytes("key", Limits.MAX_KEY_BYTES);
      MemorySegment value =
          type == RecordType.PUT ? in.bytes("value", Limits.MAX_VALUE_BYTES) : in.nothing();
      visitor.record(type, family, key, value);
      count++;
    }
    return count;
  }

  private static final class Decoder {
    private final MemorySegment batch;
    private final long end;
    private long at;

    Decoder(MemorySegment batch) {
      this.batch = batch;
      this.end = batch.byteSize();
    }

    RecordType type() {
      RecordType type = RecordType.fromCode(batch.get(ValueLayout.JAVA_BYTE, at));
      if (!type.isSupported()) {
        throw DwarfException.notSupported(
            "write batch, offset " + at + ": records of type " + type + " need a later version");
      }
      at++;
      return type;
    }

    int varint(String field, int max) {
      int value = shortVarint();
      return value >= 0 ? value : longVarint(field, max);
    }

    /** Nearly all are a byte long, which every limit allows; negative, and not read, if not. */
    private int shortVarint() {
      int value = at < end ? batch.get(ValueLayout.JAVA_BYTE, at) : -1;
      if (value >= 0) {
        at++;
      }
      return value;
    }

    private int longVarint(String field, int max) {
      int value = 0;
      for (int shift = 0; shift < 7 * MAX_VARINT_BYTES; shift += 7) {
        if (at == end) {
          throw damaged(field + " is cut off");
        }
        byte next = batch.get(ValueLayout.JAVA_BYTE, at++);
        value |= (next & 0x7f) << shift;
        if (next >= 0) {
          if (value < 0 || value > max || (shift == 28 && next > 0x0f)) {
            throw damaged(field + " is over the limit of " + max);
          }
          return value;
        }
      }
      throw damaged(field + " is no varint32");
    }

    MemorySegment bytes(String field, int max) {
      int length = shortVarint();
      if (length < 0) {
        length = longVarint(field + " length", max);
      }
      if (length > end - at) {
        throw damaged(field + " of " + length + " bytes reaches over the end");
      }
      MemorySegment bytes = batch.asSlice(at, length);
      at += length;
      return bytes;
    }

    MemorySegment nothing() {
      return batch.asSlice(at, 0);
    }

    private DwarfException damaged(String problem) {
      return DwarfException.corruption("write batch, offset " + at + ": " + problem);
    }
  }
}
