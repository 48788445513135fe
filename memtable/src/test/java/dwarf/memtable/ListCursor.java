package dwarf.memtable;

import dwarf.base.Cursor;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** The plainest cursor there is, over a sorted list: the model that others are held against. */
class ListCursor implements Cursor {

  final List<Rec> records;
  int at = -1;
  int moves;
  int closes;

  ListCursor(List<Rec> records) {
    this.records = records;
  }

  /** The same, with a search inside versions. */
  static final class Versioned extends ListCursor implements VersionedCursor {
    Versioned(List<Rec> records) {
      super(records);
    }

    @Override
    public void seekVersion(MemorySegment key, long sequence) {
      byte[] bytes = key.toArray(ValueLayout.JAVA_BYTE);
      Rec target = new Rec(bytes, sequence, RecordType.PUT, new byte[0]);
      at = 0;
      while (at < records.size() && records.get(at).compareTo(target) < 0) {
        at++;
      }
    }
  }

  @Override
  public boolean isValid() {
    return at >= 0 && at < records.size();
  }

  @Override
  public void seekToFirst() {
    at = 0;
  }

  @Override
  public void seekToLast() {
    at = records.size() - 1;
  }

  @Override
  public void seek(MemorySegment target) {
    byte[] key = target.toArray(ValueLayout.JAVA_BYTE);
    at = 0;
    while (at < records.size() && Arrays.compareUnsigned(records.get(at).key, key) < 0) {
      at++;
    }
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    byte[] key = target.toArray(ValueLayout.JAVA_BYTE);
    at = records.size() - 1;
    while (at >= 0 && Arrays.compareUnsigned(records.get(at).key, key) > 0) {
      at--;
    }
  }

  @Override
  public void next() {
    requireValid();
    at++;
  }

  @Override
  public void prev() {
    requireValid();
    at--;
  }

  @Override
  public MemorySegment key() {
    return MemorySegment.ofArray(current().key);
  }

  @Override
  public long sequence() {
    return current().sequence;
  }

  @Override
  public RecordType type() {
    return current().type;
  }

  @Override
  public MemorySegment value() {
    return MemorySegment.ofArray(current().value);
  }

  @Override
  public void close() {
    closes++;
  }

  private Rec current() {
    requireValid();
    return records.get(at);
  }

  private void requireValid() {
    moves++;
    if (!isValid()) {
      throw new IllegalStateException("invalid cursor used (C2)");
    }
  }
}
