package dwarf.base;

import java.lang.foreign.MemorySegment;

/**
 * A bidirectional walk over records in internal order: user key ascending, and among the versions
 * of one key the newest (highest sequence number) first.
 *
 * <p>C1. {@link #key()} and {@link #value()} are valid until the cursor moves or closes. C2. After
 * any positioning call either {@link #isValid()} or the walk has left the data; moving an invalid
 * cursor is a bug. C3. A source that cannot answer throws (UNAVAILABLE, CORRUPTION, STALE_HANDLE):
 * it never presents itself as shorter than it is. One thread at a time.
 */
public interface Cursor extends AutoCloseable {

  boolean isValid();

  void seekToFirst();

  void seekToLast();

  /** To the newest version of the first user key at or after {@code target}. */
  void seek(MemorySegment target);

  /** To the oldest version of the last user key at or before {@code target}. */
  void seekForPrev(MemorySegment target);

  void next();

  void prev();

  MemorySegment key();

  long sequence();

  RecordType type();

  /** The value of a PUT; empty for a deletion. */
  MemorySegment value();

  @Override
  void close();
}
