package dwarf.jobs;

import dwarf.base.Cursor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What a flush reads.
 *
 * @param newestFirst the sources; where two hold the same key, the one further in front is newer.
 *     The caller closes them.
 * @param start first key of the range, null for no bound
 * @param end first key behind the range, null for no bound
 * @param sequences records with others are passed over
 */
public record FlushInput(
    List<Cursor> newestFirst, MemorySegment start, MemorySegment end, SequenceRange sequences) {

  public FlushInput {
    newestFirst = List.copyOf(newestFirst);
  }
}
