package dwarf.memtable;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/**
 * Every record of a frozen memtable, all versions, in internal order: user key ascending, and among
 * the versions of one key the newest (highest sequence number) first. Immutable and safe to read
 * from many threads; valid until the memtable is released.
 *
 * <p>Accessors that return a segment make a view, not a copy; {@link #sameKey} answers the question
 * that a walk asks most often without making one.
 */
interface SortedRecords {

  /** How many records there are, all versions counted. */
  int count();

  MemorySegment key(int i);

  int keyLength(int i);

  /** Whether record {@code i} is a version of the same user key as record {@code i - 1}. */
  boolean sameKey(int i);

  long sequence(int i);

  RecordType type(int i);

  /** The value of a PUT; empty for a deletion. */
  MemorySegment value(int i);

  int valueLength(int i);

  /** Copies the key, and behind it the value, to that offset of {@code target}. */
  default void copyKeyValue(int i, MemorySegment target, long to) {
    ShortBytes.copy(key(i), 0, target, to, keyLength(i));
    ShortBytes.copy(value(i), 0, target, to + keyLength(i), valueLength(i));
  }

  /**
   * Loads some records from that one on, all at once: the misses of many independent loads take
   * hardly longer than that of one. Does nothing where they do not lie scattered.
   *
   * @return something of them, so that the loads are not optimized away
   */
  default long touch(int from, int records) {
    return 0;
  }

  /** As {@link #touch}, for who reads sequence, type and lengths only. */
  default long touchHeads(int from, int records) {
    return 0;
  }

  /** Key bytes plus value bytes of record {@code i}. */
  default long payloadBytes(int i) {
    return (long) keyLength(i) + valueLength(i);
  }
}
