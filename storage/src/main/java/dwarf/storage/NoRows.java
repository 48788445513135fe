package dwarf.storage;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/** A walk over a family that has never had a row. Without state, so there is only one. */
final class NoRows implements Cursor {

  static final NoRows CURSOR = new NoRows();

  private NoRows() {}

  @Override
  public boolean isValid() {
    return false;
  }

  @Override
  public void seekToFirst() {}

  @Override
  public void seekToLast() {}

  @Override
  public void seek(MemorySegment target) {}

  @Override
  public void seekForPrev(MemorySegment target) {}

  @Override
  public void next() {
    throw invalid();
  }

  @Override
  public void prev() {
    throw invalid();
  }

  @Override
  public MemorySegment key() {
    throw invalid();
  }

  @Override
  public long sequence() {
    throw invalid();
  }

  @Override
  public RecordType type() {
    throw invalid();
  }

  @Override
  public MemorySegment value() {
    throw invalid();
  }

  @Override
  public void close() {}

  private static DwarfException invalid() {
    return new DwarfException(
        DwarfException.Kind.INTERNAL,
        "a cursor is moved and read only while it is valid (C2): this one never is");
  }
}
