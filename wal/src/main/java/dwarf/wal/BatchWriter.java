package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Builds the bytes of one write batch ({@link BatchCodec}) in a growable buffer and keeps track of
 * the families it touches. Not thread-safe; reusable after {@link #clear}.
 */
public final class BatchWriter {

  /** Longest batch: what a Java array can hold. */
  public static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private static final MemorySegment NO_VALUE = MemorySegment.NULL;

  private byte[] bytes = new byte[128];
  private MemorySegment segment = MemorySegment.ofArray(bytes);
  private int size;
  private int count;
  private final FamilySet families = new FamilySet();

  public void put(int family, MemorySegment key, MemorySegment value) {
    append(RecordType.PUT, family, key, value);
  }

  /** As {@link #put(int, MemorySegment, MemorySegment)}, without views of the arrays. */
  public void put(int family, byte[] key, byte[] value) {
    begin(RecordType.PUT, family, key.length, value.length);
    putBytes(key);
    putBytes(value);
  }

  public void delete(int family, MemorySegment key) {
    append(RecordType.DELETE, family, key, NO_VALUE);
  }

  public void singleDelete(int family, MemorySegment key) {
    append(RecordType.SINGLE_DELETE, family, key, NO_VALUE);
  }

  /** How many records, and so how many sequence numbers, the batch takes. */
  public int count() {
    return count;
  }

  public int byteSize() {
    return size;
  }

  /** The batch so far, without a copy; valid until the next change. */
  public MemorySegment segment() {
    return segment.asSlice(0, size);
  }

  /** The families with records in this batch, without duplicates. */
  public int[] families() {
    return families.toArray();
  }

  /** The batch as part of a log frame; shares the bytes, so the batch must not change meanwhile. */
  public WalBatch at(long firstSequence) {
    return new WalBatch(firstSequence, count, segment(), families());
  }

  public void clear() {
    size = 0;
    count = 0;
    families.clear();
  }

  private void append(RecordType type, int family, MemorySegment key, MemorySegment value) {
    begin(type, family, key.byteSize(), value.byteSize());
    putBytes(key);
    if (type == RecordType.PUT) {
      putBytes(value);
    }
  }

  /** Makes room for a record, or refuses it; key and value follow. */
  private void begin(RecordType type, int family, long keyBytes, long valueBytes) {
    Limits.checkKeyValue(keyBytes, valueBytes);
    if (family < 0) {
      throw DwarfException.invalid("column family id " + family + " is negative");
    }
    ensure(1 + 3L * BatchCodec.MAX_VARINT_BYTES + keyBytes + valueBytes);
    bytes[size++] = type.code();
    putVarint(family);
    count++;
    families.add(family);
  }

  private void putBytes(byte[] source) {
    putVarint(source.length);
    System.arraycopy(source, 0, bytes, size, source.length);
    size += source.length;
  }

  private void putBytes(MemorySegment source) {
    int length = (int) source.byteSize();
    putVarint(length);
    MemorySegment.copy(source, 0, segment, size, length);
    size += length;
  }

  private void putVarint(int value) {
    int rest = value;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void ensure(long more) {
    long needed = size + more;
    if (needed > MAX_BYTES) {
      throw DwarfException.invalid(
          "write batch of more than " + MAX_BYTES + " bytes: split it into smaller ones");
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, MAX_BYTES)));
      segment = MemorySegment.ofArray(bytes);
    }
  }
}
