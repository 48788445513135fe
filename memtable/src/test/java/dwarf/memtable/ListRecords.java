package dwarf.memtable;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** A frozen memtable made of a sorted list. */
record ListRecords(List<Rec> records) implements SortedRecords {

  @Override
  public int count() {
    return records.size();
  }

  @Override
  public MemorySegment key(int i) {
    return MemorySegment.ofArray(records.get(i).key);
  }

  @Override
  public int keyLength(int i) {
    return records.get(i).key.length;
  }

  @Override
  public boolean sameKey(int i) {
    return Arrays.equals(records.get(i).key, records.get(i - 1).key);
  }

  @Override
  public long sequence(int i) {
    return records.get(i).sequence;
  }

  @Override
  public RecordType type(int i) {
    return records.get(i).type;
  }

  @Override
  public MemorySegment value(int i) {
    return MemorySegment.ofArray(records.get(i).value);
  }

  @Override
  public int valueLength(int i) {
    return records.get(i).value.length;
  }
}
