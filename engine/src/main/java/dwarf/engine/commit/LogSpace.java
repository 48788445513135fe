package dwarf.engine.commit;

import dwarf.engine.log.WriteLog;
import dwarf.memtable.WriteLane;

/**
 * Lets a lane take only what the log has space for on the storage. What is in the memtable has its
 * sequence number and cannot be taken back, so a full disk must refuse a write before that: in the
 * commit queue, which appends first.
 *
 * <p>Threading: by one thread at a time.
 */
final class LogSpace {

  private static final long AHEAD_BYTES = 512 << 10;

  /** Each time costs a change of the file system's own log, so a long log asks for more at once. */
  private static final long MOST_AHEAD_BYTES = 8 * AHEAD_BYTES;

  /** What is set aside, as a part of what the memtable has. */
  private static final int AHEAD_PART = 8;

  /** More than {@link LogLater} may be behind. */
  private static final long AHEAD_BYTES_IF_LATER = 8 << 20;

  /**
   * What a record takes of the log at most for each byte of the memtable's: 65 bytes of frame and
   * batch and 16 of the record go with a key and value that take at least 32 there.
   */
  private static final int LOG_BYTES_PER_BYTE = 3;

  private final WriteLog log;
  private final WriteLane room;
  private final long least;
  private final long most;
  private long allowedThrough;

  LogSpace(WriteLog log, WriteLane room) {
    this.log = log;
    this.room = room;
    this.least = log.isManuallyFlushed() ? AHEAD_BYTES_IF_LATER : AHEAD_BYTES;
    this.most = Math.max(least, MOST_AHEAD_BYTES);
  }

  /** Looks for space behind that place, up to which all is logged; false if there is none. */
  boolean prepare(long place) {
    long wanted = ahead(place);
    long bytes = log.reserve(wanted / 2, wanted) / LOG_BYTES_PER_BYTE;
    room.allow(place, bytes);
    allowedThrough = WriteLane.offset(place) + bytes;
    return bytes > 0;
  }

  /** As {@link #prepare}, when what is left is little. */
  void topUp(long place) {
    if (allowedThrough - WriteLane.offset(place) < ahead(place) / 2 / LOG_BYTES_PER_BYTE) {
      prepare(place);
    }
  }

  private long ahead(long place) {
    return Math.clamp(WriteLane.offset(place) / AHEAD_PART, least, most);
  }
}
