package dwarf.engine.commit;

import dwarf.base.Limits;
import dwarf.base.RecordType;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.LogSource;
import dwarf.memtable.MemTable;
import dwarf.memtable.WriteLane;
import dwarf.wal.BatchCodec;
import java.lang.foreign.MemorySegment;

/**
 * Where writes without log go past the commit queue, any number side by side.
 *
 * <p>Idea: what lines writers up is the log and the admission of a group. A write that skips the
 * log, into a memtable with room prepared, needs neither. So the leader of such a group leaves the
 * {@link WriteLane} of its memtable open behind it, and the writes that follow take their places
 * from there until somebody needs the queue: the room is used up, a write wants the log, a memtable
 * is to be frozen.
 *
 * <p>U1. While the lane is open only its writers assign sequence numbers and move visibility; every
 * leader closes it first and waits for those inside. U2. Sequence numbers follow the places, and a
 * write returns when it and everything before it is visible ({@link TurnKeeper}). U3. A write the
 * lane cannot take has changed nothing and goes to the queue, which alone waits, rotates and
 * refuses. U4. A write that fails between its place and its publication leaves a hole that nobody
 * can fill: the database takes nothing more ({@link Health}), and nobody waits for the hole.
 *
 * <p>Threading: {@link #write}, {@link #put}: any thread; {@link #open}, {@link #close}: the
 * leader.
 */
final class UnloggedLane {

  /** Leaves room for the most numbers that one memtable can use. */
  private static final long LAST_START = Limits.MAX_SEQUENCE - (1L << 32);

  private final TurnKeeper turns;
  private final Backpressure backpressure;
  private final Health health;
  private final Runnable ownershipCheck;
  private final Statistics statistics;

  /** Null while a leader is at work, or the last group was not one that leaves a lane. */
  private volatile Open current;

  /** An open lane: the room, and the turns in which it is shown. */
  private record Open(WriteLane room, LogSource memtable, int family, TurnKeeper.Lane turns) {}

  UnloggedLane(VisibleSequence visible, Background background, Runnable ownershipCheck) {
    this.turns = new TurnKeeper(visible, background.health());
    this.backpressure = background.backpressure();
    this.health = background.health();
    this.ownershipCheck = ownershipCheck;
    this.statistics = background.statistics();
  }

  /** Lets writers into the memtable, whose last group ended with that sequence number. */
  void open(LogSource memtable, int family, long lastAssigned) {
    if (lastAssigned > LAST_START || backpressure.verdict().action() != Backpressure.Action.GO) {
      return;
    }
    MemTable table = memtable.table();
    long base = lastAssigned - table.entryCount();
    WriteLane room = table.openLane();
    current = new Open(room, memtable, family, new TurnKeeper.Lane(room, base));
  }

  /**
   * Ends the lane, if it is open, when all its writes are visible.
   *
   * @return the last sequence number assigned; the one given, if the lane was not open
   */
  long close(long lastAssigned) {
    Open lane = current;
    if (lane == null) {
      return lastAssigned;
    }
    turns.failIfBroken();
    long last = lane.turns.lastBefore(lane.memtable.table().closeLane(lane.room));
    turns.await(last);
    current = null;
    return last;
  }

  /** Commits a batch, or returns false: then it has to go through the queue. */
  boolean write(CommitBatch batch) {
    Open lane = current;
    if (lane == null || batch.onlyFamily() != lane.family || isHeldUp()) {
      return false;
    }
    long place = lane.room.take(batch.memtableBytes(), batch.count());
    if (place == WriteLane.REFUSED) {
      return false;
    }
    Filler filler = new Filler(lane, place);
    boolean filled = false;
    try {
      BatchCodec.forEach(batch.records(), filler);
      filled = true;
    } finally {
      if (!filled) {
        turns.breakDown();
      }
    }
    turns.finish(lane.turns, place, filler.place);
    ownershipCheck.run();
    count(batch.count(), batch.byteSize());
    return true;
  }

  /** As {@link #write}, for a single record, which need not be encoded first. */
  boolean put(int family, RecordType type, MemorySegment key, MemorySegment value) {
    Open lane = current;
    if (lane == null || family != lane.family || isHeldUp()) {
      return false;
    }
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
    ownershipCheck.run();
    count(1, key.byteSize() + value.byteSize());
    return true;
  }

  private boolean isHeldUp() {
    health.checkWritable();
    return backpressure.verdict().action() != Backpressure.Action.GO;
  }

  private void count(int records, long bytes) {
    statistics.increment(Counter.WRITE_GROUPS);
    statistics.increment(Counter.WRITE_BATCHES);
    statistics.add(Counter.WRITE_BYTES, bytes);
    statistics.add(Counter.WRITE_RECORDS, records);
  }

  /** Puts the records of a batch into the room it was given. */
  private static final class Filler implements BatchCodec.Visitor {

    private final Open lane;
    private long place;

    Filler(Open lane, long place) {
      this.lane = lane;
      this.place = place;
    }

    @Override
    public void record(RecordType type, int family, MemorySegment key, MemorySegment value) {
      place = lane.room.add(place, lane.turns.lastBefore(place) + 1, type, key, value);
    }
  }
}
