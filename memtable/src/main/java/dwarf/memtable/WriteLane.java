package dwarf.memtable;

import dwarf.base.PaddedLong;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/**
 * The prepared room of a memtable, open to any number of writers at once.
 *
 * <p>Idea: a writer takes room for its records with one compare-and-set, which also gives them
 * their place among all records, fills it side by side with others, and then tells that the log is
 * complete up to there. Who needs a sequence number derives it from the place: both come from the
 * same step, so the order of the log is the order of the numbers.
 *
 * <p>N1. What {@link #take} grants is within what the memtable was prepared for, index included.
 * N2. {@link #publish} is called in the order of places, each after all records before it are
 * added. N3. After {@link #close} nothing is granted; what was granted is still filled and
 * published, and the memtable takes no other group before that. N4. Who opened the lane may let it
 * go on step by step: nothing is granted beyond what {@link #allow} allowed last.
 *
 * <p>A place is a packed {@link LogPosition}; callers only pass it on, and ask for its {@link
 * #count}.
 */
public final class WriteLane {

  /** No place: there is not enough room, or the lane is closed. */
  public static final long REFUSED = 0;

  /** In a place: nothing is granted any more. No memtable holds so many records. */
  private static final long CLOSED = 1L << 31;

  private final MemTable table;
  private final HashIndex index;
  private final long limitBytes;
  private final long limitCount;
  private final PaddedLong next;

  /** Where the log may end for now. */
  private volatile long allowedBytes = Long.MAX_VALUE;

  /**
   * @param start the memtable's end
   * @param limitBytes where its log may end
   * @param limitCount how many records it may hold at most
   */
  WriteLane(MemTable table, HashIndex index, long start, long limitBytes, long limitCount) {
    this.table = table;
    this.index = index;
    this.next = new PaddedLong(start);
    this.limitBytes = limitBytes;
    this.limitCount = limitCount;
  }

  /** Takes room for so many records of so many {@link MemTable#recordBytes} together. */
  public long take(long bytes, int records) {
    long step = LogPosition.step(bytes, records);
    while (true) {
      long place = next.get();
      if ((place & CLOSED) != 0
          || offset(place) + bytes > Math.min(limitBytes, allowedBytes)
          || (long) count(place) + records > limitCount) {
        return REFUSED;
      }
      if (next.compareAndSet(place, place + step)) {
        return place;
      }
    }
  }

  /** From now on grants no more than so many bytes behind that place. */
  public void allow(long place, long bytes) {
    allowedBytes = offset(place) + bytes;
  }

  /** How many records of the memtable lie before the place. */
  public static int count(long place) {
    return LogPosition.unpackCount(place);
  }

  /** How many bytes of the memtable's log lie before the place. */
  public static long offset(long place) {
    return RecordLog.offset(LogPosition.unpackUnit(place));
  }

  /**
   * Adds one record at a place that was taken; returns the place behind it.
   *
   * @param value empty for a deletion
   */
  public long add(
      long place, long sequence, RecordType type, MemorySegment key, MemorySegment value) {
    table.put(index, LogPosition.unpackUnit(place), sequence, type, key, value);
    return place
        + LogPosition.step(RecordLog.recordBytes((int) key.byteSize(), value.byteSize()), 1);
  }

  /** For the records of a batch, whose place is taken next. */
  public LaneBatch batch() {
    return new LaneBatch(table, index);
  }

  /** The records between two places, in order; all of them have been added. */
  public void forEach(long from, long to, Records records) {
    RecordLog log = index.log();
    int end = LogPosition.unpackUnit(to);
    for (int unit = LogPosition.unpackUnit(from); unit != end; ) {
      records.record(log.type(unit), log.key(unit), log.value(unit));
      unit += (int) (log.bytes(unit) / RecordLog.UNIT_BYTES);
    }
  }

  /** Is shown records; the segments are views. The value of a deletion is empty. */
  @FunctionalInterface
  public interface Records {
    void record(RecordType type, MemorySegment key, MemorySegment value);
  }

  /** Everything before this place has been published. */
  public long published() {
    return table.publishedPlace();
  }

  /** Lets cursors opened from now on see everything before the place. */
  public void publish(long place) {
    table.publishThrough(place);
  }

  /** The place behind everything that has been granted. */
  public long granted() {
    return next.get() & ~CLOSED;
  }

  /** Grants nothing any more; the place behind everything that was granted. Once. */
  long close() {
    return next.getAndAdd(CLOSED);
  }
}
