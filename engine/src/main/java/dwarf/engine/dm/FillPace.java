package dwarf.engine.dm;

/**
 * How far a memtable may be filled while the one before it is on its way: a head start, and the
 * rest of it evenly as shards of the other arrive. Its last bytes are then free to be written when
 * the last shard arrives, which is when there is memory for the next.
 *
 * <p>Rejected: the head start on top of the share that has arrived. The memtable was full when
 * three quarters of the other had arrived, and writers waited for the last quarter in one piece.
 */
final class FillPace {

  /** The part of a memtable that may be filled while the one before is being sorted. */
  private static final double HEAD_START = 0.25;

  private FillPace() {}

  /**
   * @param arrived the part of the other memtable that has arrived, 0 to 1
   */
  static long limit(long writeBufferSize, double arrived) {
    return (long) (writeBufferSize * (HEAD_START + (1 - HEAD_START) * arrived));
  }
}
