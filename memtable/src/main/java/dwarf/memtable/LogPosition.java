package dwarf.memtable;

/**
 * A place between two records of a log.
 *
 * @param unit where the next record begins
 * @param count how many records lie before it
 */
record LogPosition(int unit, int count) {

  /** The start of a log, packed. */
  static final long START = pack(RecordLog.FIRST_UNIT, 0);

  /** From one long, {@code (unit << 32) | count}, so that both advance in one atomic step. */
  static LogPosition unpack(long packed) {
    return new LogPosition(unpackUnit(packed), unpackCount(packed));
  }

  static int unpackUnit(long packed) {
    return (int) (packed >>> 32);
  }

  static int unpackCount(long packed) {
    return (int) packed;
  }

  static long pack(int unit, int count) {
    return ((long) unit << 32) | count;
  }

  /** What so many records of that size together add to a packed position. */
  static long step(long recordBytes, int records) {
    return pack((int) (recordBytes / RecordLog.UNIT_BYTES), records);
  }

  /** Bytes of the log before this place. */
  long bytes() {
    return RecordLog.offset(unit);
  }
}
