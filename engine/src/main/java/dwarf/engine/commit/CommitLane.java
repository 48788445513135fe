package dwarf.engine.commit;

import dwarf.base.Limits;
import dwarf.base.RecordType;
import dwarf.engine.log.WriteLog;
import dwarf.engine.view.LogSource;
import dwarf.memtable.LaneBatch;
import dwarf.memtable.MemTable;
import dwarf.memtable.WriteLane;
import dwarf.wal.BatchCodec;
import java.lang.foreign.MemorySegment;

/**
 * Where writes go past the commit queue, any number side by side.
 *
 * <p>Idea: what lines writers up is the log and the admission of a group. A write into a memtable
 * with room prepared needs no admission, and its record is in the memtable before it is in the log:
 * writers fill their places side by side, and one of them logs for all ({@link TurnKeeper}). So the
 * leader of a group leaves the {@link WriteLane} of its memtable open behind it, and the writes
 * that follow take their places from there until somebody needs the queue: the room is used up, a
 * write wants a sync, a memtable is to be frozen. A lane is for writes with the log or for those
 * without, as the group was that opened it.
 *
 * <p>U1. While the lane is open only its writers assign sequence numbers, move visibility and
 * append to the log; every leader closes it first and waits for those inside. U2. Sequence numbers
 * follow the places. A write returns when it is in the log, as far as it has to be, and every read
 * that begins after that sees it ({@link VisibleSequence}). U3. A write the lane cannot take has
 * changed nothing and goes to the queue, which alone waits, rotates and refuses; the storage has
 * space set aside for the log records of all that is taken ({@link LogSpace}). U4. A write that
 * fails between its place and its publication leaves a hole that nobody can fill: the database
 * takes nothing more ({@link Health}), and nobody waits for the hole.
 *
 * <p>Threading: {@link #write}, {@link #put}, {@link #catchUp}: any thread; {@link #open}, {@link
 * #close}: the leader.
 */
final class CommitLane {

  /** Leaves room for the most numbers that one memtable can use. */
  private static final long LAST_START = Limits.MAX_SEQUENCE - (1L << 32);

  private final WriteLog log;
  private final TurnKeeper turns;
  private final LaneGate gate = new LaneGate();
  private final Backpressure backpressure;
  private final Health health;
  private final Runnable ownershipCheck;

  /** Null while a leader is at work, or the last group was not one that leaves a lane. */
  private volatile Open current;

  /** An open lane: the room, and the turns in which it is shown. */
  private record Open(Place place, boolean logged, WriteLane room, TurnKeeper.Lane turns) {

    boolean isForFew() {
      return turns.log().isForFew();
    }

    boolean takes(int family, int records, boolean disableWal) {
      return family == place.family && logged != disableWal && turns.log().suits(records);
    }
  }

  /** The memtable of a family. */
  record Place(LogSource memtable, int family) {}

  CommitLane(
      VisibleSequence visible, Background background, WriteLog log, Runnable ownershipCheck) {
    this.log = log;
    this.turns = new TurnKeeper(visible, background.health(), background.statistics());
    this.backpressure = background.backpressure();
    this.health = background.health();
    this.ownershipCheck = ownershipCheck;
    visible.watch(turns);
  }

  /**
   * Lets writers into the memtable, whose last group ended with that sequence number.
   *
   * @param logged whether they are writers who want the log, or those who do not
   */
  void open(Place place, boolean logged, long lastAssigned) {
    if (lastAssigned > LAST_START || backpressure.verdict().action() != Backpressure.Action.GO) {
      return;
    }
    MemTable table = place.memtable.table();
    long base = lastAssigned - table.entryCount();
    WriteLane room = table.openLane();
    LaneLog laneLog = logged ? openLog(place, room, base) : LaneLog.NONE;
    if (laneLog != null) {
      Open opened = new Open(place, logged, room, new TurnKeeper.Lane(room, base, laneLog));
      turns.begin(opened.turns);
      current = opened;
    }
  }

  /** Null if the storage does not set space aside. */
  private LaneLog openLog(Place place, WriteLane room, long base) {
    LaneCopy copy = new LaneCopy(log, room, place.family, base);
    if (!copy.hasSpace()) {
      return null;
    }
    if (log.isManuallyFlushed()) {
      return new LogLater(copy, room);
    }
    return log.isInMemory() ? new LogByMemory(copy) : new LogFirst(copy);
  }

  /**
   * Ends the lane, if it is open, when all its writes are visible and logged.
   *
   * @return the last sequence number assigned; the one given, if the lane was not open
   */
  long close(long lastAssigned) {
    Open lane = current;
    if (lane == null) {
      return lastAssigned;
    }
    turns.failIfBroken();
    long last = lane.turns.lastBefore(lane.place.memtable.table().closeLane(lane.room));
    turns.end(lane.turns);
    try {
      lane.turns.log().close();
    } catch (RuntimeException | Error e) {
      turns.breakDown("WAL", e);
      throw e;
    }
    current = null;
    return last;
  }

  /** Logs what has returned, if that is still to be done. */
  void catchUp() {
    Open lane = current;
    if (lane != null) {
      turns.showReturned();
      orFail(lane.turns.log()::catchUp);
    }
  }

  /** Commits a batch, or returns false: then it has to go through the queue. */
  boolean write(CommitBatch batch, boolean disableWal) {
    Open lane = current;
    if (lane == null || !lane.takes(batch.onlyFamily(), batch.count(), disableWal) || isHeldUp()) {
      return false;
    }
    if (!lane.isForFew()) {
      return fill(lane, batch);
    }
    gate.enter();
    try {
      return fill(lane, batch);
    } finally {
      gate.leave();
    }
  }

  private boolean fill(Open lane, CommitBatch batch) {
    // Made first: should there be no memory for it, no place is lost (U4).
    LaneBatch records = lane.room.batch();
    BatchCodec.Visitor adding = (type, family, key, value) -> records.add(type, key, value);
    long place = lane.room.take(batch.memtableBytes(), batch.count());
    if (place == WriteLane.REFUSED) {
      return false;
    }
    long end = WriteLane.REFUSED;
    try {
      records.begin(place, lane.turns.lastBefore(place) + 1);
      BatchCodec.forEach(batch.records(), adding);
      end = records.end();
    } finally {
      if (end == WriteLane.REFUSED) {
        turns.breakDown();
      }
    }
    if (lane.turns.log().takesBatches()) {
      turns.finish(lane.turns, place, end, batch);
    } else {
      turns.finish(lane.turns, place, end);
    }
    afterFinished(lane, end);
    return true;
  }

  /** As {@link #write}, for a single record, which need not be encoded first. */
  boolean put(
      int family, RecordType type, MemorySegment key, MemorySegment value, boolean disableWal) {
    Open lane = current;
    if (lane == null || !lane.takes(family, 1, disableWal) || isHeldUp()) {
      return false;
    }
    if (!lane.isForFew()) {
      return fill(lane, type, key, value);
    }
    gate.enter();
    try {
      return fill(lane, type, key, value);
    } finally {
      gate.leave();
    }
  }

  private boolean fill(Open lane, RecordType type, MemorySegment key, MemorySegment value) {
    long bytes = MemTable.recordBytes((int) key.byteSize(), value.byteSize());
    long place = lane.room.take(bytes, 1);
    if (place == WriteLane.REFUSED) {
      return false;
    }
    long end = WriteLane.REFUSED;
    try {
      end = lane.room.add(place, lane.turns.lastBefore(place) + 1, type, key, value);
    } finally {
      if (end == WriteLane.REFUSED) {
        turns.breakDown();
      }
    }
    turns.finish(lane.turns, place, end);
    afterFinished(lane, end);
    return true;
  }

  private boolean isHeldUp() {
    health.checkWritable();
    return backpressure.verdict().action() != Backpressure.Action.GO;
  }

  private void afterFinished(Open lane, long end) {
    orFail(() -> lane.turns.log().afterFinished(end));
    ownershipCheck.run();
  }

  private void orFail(Runnable logging) {
    try {
      logging.run();
    } catch (RuntimeException e) {
      health.fail("WAL", e);
      throw e;
    }
  }
}
