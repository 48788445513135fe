package dwarf.engine.commit;

import dwarf.base.RecordType;
import dwarf.engine.log.WriteLog;
import dwarf.memtable.WriteLane;
import dwarf.wal.BatchWriter;
import dwarf.wal.WalBatch;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes a lane's records to the log, from the memtable: there they are anyway, whoever wrote them
 * and whether or not that thread is running. Batches can be logged as they are. Threading: one
 * caller at a time, handed over with a happens-before edge.
 */
final class LaneCopy {

  private final WriteLog log;
  private final WriteLane room;
  private final LogSpace space;
  private final int family;
  private final long base;

  /** Kept for its memory. */
  private final BatchWriter records = new BatchWriter();

  /** Made once and not for each record. */
  private final WriteLane.Records adding = this::add;

  /**
   * @param base the sequence number of a record is this, plus the records before it, plus one
   */
  LaneCopy(WriteLog log, WriteLane room, int family, long base) {
    this.log = log;
    this.room = room;
    this.space = new LogSpace(log, room);
    this.family = family;
    this.base = base;
  }

  /** Whether the storage sets space aside for the log, without which there can be no lane. */
  boolean hasSpace() {
    return space.prepare(room.published());
  }

  /** Logs what lies between the two places, as one group. */
  void append(long from, long end) {
    records.clear();
    room.forEach(from, end, adding);
    log.append(List.of(records.at(base + WriteLane.count(from) + 1)), false);
    space.topUp(end);
  }

  /** Logs batches as they are, up to that place, as one group. */
  void append(long end, List<WalBatch> batches) {
    log.append(batches, false);
    space.topUp(end);
  }

  private void add(RecordType type, MemorySegment key, MemorySegment value) {
    switch (type) {
      case PUT -> records.put(family, key, value);
      case DELETE -> records.delete(family, key);
      default -> records.singleDelete(family, key);
    }
  }
}
