package dwarf.wal;

/**
 * What recovery does with a log that is not whole. The last four are RocksDB's modes of the same
 * names; the first is the default here.
 *
 * <p>A <i>torn tail</i> is what a crash leaves: the last frame cut off or garbled, nothing valid
 * behind it, nothing there that had been synced. After a loss of power, unsynced frames may also be
 * missing before others that made it to the disk; with the machine never down, that cannot be. All
 * else is damage. Recovery never applies a part of a frame, in any mode.
 */
public enum RecoveryMode {
  /**
   * Accepts what a crash or a loss of power explains and recovers everything before it. Refuses to
   * open a log that is damaged or lacks records that had been synced.
   */
  SAFE_POINT_IN_TIME,

  /** Accepts a torn tail in the last segment only. */
  TOLERATE_CORRUPTED_TAIL_RECORDS,

  /** Accepts a whole log only; for one that was closed cleanly. */
  ABSOLUTE_CONSISTENCY,

  /** Recovers everything before the first damage, whatever was lost behind it; reports that. */
  POINT_IN_TIME_RECOVERY,

  /**
   * Recovers every frame that can be read, also behind damage, and reports the holes. The result
   * may be a state the database never was in.
   */
  SKIP_ANY_CORRUPTED_RECORDS;

  /** The mode used when none is asked for. */
  public static final RecoveryMode DEFAULT = SAFE_POINT_IN_TIME;

  /** Whether records may be given up that a crash does not explain. */
  boolean isLossy() {
    return this == POINT_IN_TIME_RECOVERY || this == SKIP_ANY_CORRUPTED_RECORDS;
  }
}
