package dwarf.engine;

import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import dwarf.engine.commit.CommitBatch;
import dwarf.memtable.MemTable;
import dwarf.wal.BatchWriter;
import dwarf.wal.WalBatch;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Records that are written together or not at all, in order. Keeps what it is given in the form the
 * WAL stores, so committing it copies nothing again. Not thread-safe; may be cleared and reused.
 */
public final class WriteBatch implements CommitBatch {

  static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

  private final BatchWriter records = new BatchWriter();
  private int firstFamily = -1;
  private int firstRecords;
  private long firstBytes;

  /** Shares of the families after the first one; most batches have only one. */
  private Map<Integer, long[]> others;

  public WriteBatch put(byte[] key, byte[] value) {
    return put(0, key, value);
  }

  public WriteBatch put(ColumnFamilyHandle family, byte[] key, byte[] value) {
    return put(family.getID(), key, value);
  }

  /** As {@link #put(ColumnFamilyHandle, byte[], byte[])} from any memory, on or off the heap. */
  public WriteBatch put(ColumnFamilyHandle family, MemorySegment key, MemorySegment value) {
    return add(RecordType.PUT, family.getID(), key, value);
  }

  public WriteBatch delete(byte[] key) {
    return add(RecordType.DELETE, 0, MemorySegment.ofArray(key), NONE);
  }

  public WriteBatch delete(ColumnFamilyHandle family, byte[] key) {
    return add(RecordType.DELETE, family.getID(), MemorySegment.ofArray(key), NONE);
  }

  public WriteBatch singleDelete(ColumnFamilyHandle family, byte[] key) {
    return add(RecordType.SINGLE_DELETE, family.getID(), MemorySegment.ofArray(key), NONE);
  }

  /** Not supported yet: refused with NOT_SUPPORTED; the formats have room for it. */
  @SuppressWarnings("DoNotCallSuggester")
  public WriteBatch merge(ColumnFamilyHandle family, byte[] key, byte[] operand) {
    throw DwarfException.notSupported(
        "merge is not supported yet: read, combine and put the value instead");
  }

  /** Not supported yet: refused with NOT_SUPPORTED; the formats have room for it. */
  @SuppressWarnings("DoNotCallSuggester")
  public WriteBatch deleteRange(ColumnFamilyHandle family, byte[] begin, byte[] end) {
    throw DwarfException.notSupported(
        "deleteRange is not supported yet: iterate over the range and delete its keys instead");
  }

  public void clear() {
    records.clear();
    firstFamily = -1;
    firstRecords = 0;
    firstBytes = 0;
    others = null;
  }

  @Override
  public int count() {
    return records.count();
  }

  /** Bytes of the encoded records. */
  public long getDataSize() {
    return records.byteSize();
  }

  @Override
  public long byteSize() {
    return records.byteSize();
  }

  @Override
  public int onlyFamily() {
    return others == null ? firstFamily : -1;
  }

  @Override
  public long memtableBytes() {
    return firstBytes;
  }

  @Override
  public MemorySegment records() {
    return records.segment();
  }

  @Override
  public WalBatch at(long firstSequence) {
    return records.at(firstSequence);
  }

  @Override
  public void footprint(FootprintVisitor visitor) {
    if (firstFamily >= 0) {
      visitor.visit(firstFamily, firstRecords, firstBytes);
    }
    if (others != null) {
      others.forEach((family, share) -> visitor.visit(family, (int) share[0], share[1]));
    }
  }

  /** Refuses what no record can hold. */
  static void check(MemorySegment key, MemorySegment value) {
    Limits.checkKeyValue(key.byteSize(), value.byteSize());
    if (Keys.isMarker(key)) {
      throw reserved(key);
    }
  }

  private static DwarfException reserved(MemorySegment key) {
    return DwarfException.invalid(
        "the key " + Keys.show(key) + " is reserved for the flush marker; use another one");
  }

  /** The usual case; no segments are made of the arrays. */
  private WriteBatch put(int family, byte[] key, byte[] value) {
    Limits.checkKeyValue(key.length, value.length);
    if (Keys.isMarker(key)) {
      throw reserved(MemorySegment.ofArray(key));
    }
    records.put(family, key, value);
    account(family, MemTable.recordBytes(key.length, value.length));
    return this;
  }

  WriteBatch add(RecordType type, int family, MemorySegment key, MemorySegment value) {
    check(key, value);
    switch (type) {
      case PUT -> records.put(family, key, value);
      case DELETE -> records.delete(family, key);
      default -> records.singleDelete(family, key);
    }
    account(family, MemTable.recordBytes((int) key.byteSize(), value.byteSize()));
    return this;
  }

  private void account(int family, long bytes) {
    if (firstFamily < 0 || family == firstFamily) {
      firstFamily = family;
      firstRecords++;
      firstBytes += bytes;
    } else {
      others = others == null ? new HashMap<>() : others;
      long[] share = others.computeIfAbsent(family, absent -> new long[2]);
      share[0]++;
      share[1] += bytes;
    }
  }
}
