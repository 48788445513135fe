package dwarf.jobs;

import dwarf.base.Cursor;
import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A forward cursor over a list of records in internal order, which may fail at a chosen one. */
final class ListCursor implements Cursor {

  record Row(MemorySegment key, long sequence, RecordType type, MemorySegment value) {}

  private final List<Row> rows;
  private final int failAt;
  private int at;

  ListCursor(List<Row> rows, int failAt) {
    this.rows = rows;
    this.failAt = failAt;
    this.at = rows.size();
  }

  @Override
  public boolean isValid() {
    return at < rows.size();
  }

  @Override
  public void seekToFirst() {
    move(0);
  }

  @Override
  public void seek(MemorySegment target) {
    int first = 0;
    while (first < rows.size() && Keys.compare(rows.get(first).key(), target) < 0) {
      first++;
    }
    move(first);
  }

  @Override
  public void next() {
    move(at + 1);
  }

  private void move(int to) {
    if (to == failAt) {
      throw dwarf.base.DwarfException.unavailable("chosen to fail");
    }
    at = to;
  }

  @Override
  public void seekToLast() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void prev() {
    throw new UnsupportedOperationException();
  }

  @Override
  public MemorySegment key() {
    return rows.get(at).key();
  }

  @Override
  public long sequence() {
    return rows.get(at).sequence();
  }

  @Override
  public RecordType type() {
    return rows.get(at).type();
  }

  @Override
  public MemorySegment value() {
    return rows.get(at).value();
  }

  @Override
  public void close() {
    at = rows.size();
  }
}
