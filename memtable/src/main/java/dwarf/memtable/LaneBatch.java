package dwarf.memtable;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/**
 * The records of one batch on their way into a {@link WriteLane}.
 *
 * <p>Idea: to make a record reachable takes two cache misses, the slot of its key and the newest
 * version there, and the compare-and-set behind them waits until all the record's bytes are
 * written. The keys of a batch are known together. So some records are written, then what their
 * insertions are going to look at is loaded all at once, and only then are they inserted: many
 * misses at a time take hardly longer than one.
 *
 * <p>B1. Records are inserted in the order in which they were added, so the later of two versions
 * in a batch is the newer one. B2. After {@link #end} all of them are reachable.
 *
 * <p>One batch, one thread.
 */
public final class LaneBatch {

  /** More than a processor's misses under way, fewer than its nearest cache has room for. */
  private static final int AT_ONCE = 32;

  private final MemTable table;
  private final HashIndex index;
  private final int[] units = new int[AT_ONCE];
  private final int[] hashes = new int[AT_ONCE];

  /** How many are written and not inserted. */
  private int waiting;

  private long place;

  /** Of the next record. */
  private long sequence;

  /** Only written, so that the loads count as used. */
  @SuppressWarnings("UnusedVariable")
  private long something;

  LaneBatch(MemTable table, HashIndex index) {
    this.table = table;
    this.index = index;
  }

  /** Before the first record, with the place that was taken and the first sequence number. */
  public void begin(long at, long firstSequence) {
    place = at;
    sequence = firstSequence;
  }

  /**
   * Adds the next record.
   *
   * @param value empty for a deletion
   */
  public void add(RecordType type, MemorySegment key, MemorySegment value) {
    int unit = LogPosition.unpackUnit(place);
    index.log().write(unit, sequence, type, key, value);
    units[waiting] = unit;
    hashes[waiting] = KeyHash.of(key);
    waiting++;
    sequence++;
    place += LogPosition.step(RecordLog.recordBytes((int) key.byteSize(), value.byteSize()), 1);
    if (waiting == AT_ONCE) {
      insert();
    }
  }

  /** The place behind the last record. */
  public long end() {
    insert();
    return place;
  }

  private void insert() {
    something = index.touch(hashes, waiting);
    long first = sequence - waiting;
    int newKeys = 0;
    for (int i = 0; i < waiting; i++) {
      if (index.insert(units[i], first + i, hashes[i])) {
        newKeys++;
      }
    }
    table.countKeys(newKeys);
    waiting = 0;
  }
}
