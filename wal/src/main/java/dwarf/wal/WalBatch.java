package dwarf.wal;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;

/** One write batch with its place in the sequence: the unit that is applied as a whole. */
public final class WalBatch {

  private final long firstSequence;
  private final int count;
  private final MemorySegment bytes;
  private final int[] families;

  /**
   * @param count how many records, each of which takes one sequence number; at least 1
   * @param bytes the records as {@link BatchCodec} lays them out; not copied
   * @param families the column families with records in it; not copied
   */
  public WalBatch(long firstSequence, int count, MemorySegment bytes, int[] families) {
    if (firstSequence <= 0 || count <= 0 || families.length == 0) {
      throw DwarfException.invalid(
          "a log batch needs a sequence, a record and a family; sequence "
              + firstSequence
              + ", "
              + count
              + " records, "
              + families.length
              + " families");
    }
    this.firstSequence = firstSequence;
    this.count = count;
    this.bytes = bytes;
    this.families = families;
  }

  public long firstSequence() {
    return firstSequence;
  }

  public long lastSequence() {
    return firstSequence + count - 1;
  }

  public int count() {
    return count;
  }

  public MemorySegment bytes() {
    return bytes;
  }

  int familyCount() {
    return families.length;
  }

  int family(int index) {
    return families[index];
  }
}
