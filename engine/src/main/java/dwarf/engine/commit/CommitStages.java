package dwarf.engine.commit;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/**
 * What the commit queue asks of the database: the steps of a group, in this order. All but {@link
 * #apply} and the ways past the queue are called by one leader at a time.
 */
interface CommitStages {

  /**
   * Commits a batch without the queue, if that is possible right now; by any thread, the leader
   * before {@link #begin} included.
   */
  boolean pass(CommitBatch batch, WriteFlags flags);

  /** As {@link #pass}, for a single record. */
  boolean pass(
      int family, RecordType type, MemorySegment key, MemorySegment value, WriteFlags flags);

  /** Ends all ways past the queue: from here on the leader is alone. */
  void begin();

  /** Whether {@link #admit} would neither wait nor make room. */
  boolean admitsAtOnce(CommitGroup group);

  /**
   * Waits for admission and makes room in the memtables, or throws to refuse the whole group; a
   * single member is refused by setting its failure.
   */
  void admit(CommitGroup group);

  /** Assigns sequence numbers, appends to the WAL and syncs it if somebody asked. */
  void log(CommitGroup group);

  /** Puts one member's records into the memtables, side by side with others; cannot fail. */
  void apply(CommitRequest request);

  /** Makes the whole group visible. */
  void publish(CommitGroup group);
}
