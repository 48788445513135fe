package dwarf.engine.flush;

import dwarf.base.Clock;
import dwarf.engine.commit.Backpressure.Action;
import dwarf.engine.commit.Backpressure.Verdict;
import dwarf.engine.dm.MemoryRoom;
import dwarf.engine.stats.Counter;
import java.util.function.Supplier;

/**
 * Back-pressure from the memory for memtables, local and disaggregated together. Room comes back in
 * lumps, since an install frees several memtables at once; writers who use up all of it at full
 * speed stop until then. So the last part of it is given out slowly enough to last until then
 * ({@link FlushPace}).
 *
 * <p>P1. Only while flushes follow each other: otherwise it may take more writes for one to be due.
 * P2. The last part is an eighth of all, but at most twice the local memory, since a large pool
 * that many share is always mostly taken; and at most three quarters of the local memory where DM
 * takes nothing more, so that there is always room that is used at full speed. P3. Never STOP: who
 * finds no room at all waits for it where it is needed.
 *
 * <p>Rejected: RocksDB's delayed_write_rate, a fixed one. Above the rate of flushes writers stop
 * all the same, and below it they are held up while there is room.
 */
public final class MemoryPressure implements Supplier<Verdict> {

  private final Supplier<Room> memory;
  private final long writeBufferSize;
  private final FlushPace pace;
  private final Clock clock;

  /** Memory for memtables, here and disaggregated. */
  public record Room(MemoryRoom local, MemoryRoom elsewhere) {}

  public MemoryPressure(Supplier<Room> memory, long writeBufferSize, FlushPace pace, Clock clock) {
    this.memory = memory;
    this.writeBufferSize = writeBufferSize;
    this.pace = pace;
    this.clock = clock;
  }

  @Override
  public Verdict get() {
    Room room = memory.get();
    // Memtables leave local memory whole or not at all.
    long takenElsewhere = room.elsewhere.free() / writeBufferSize * writeBufferSize;
    long free = room.local.free() + takenElsewhere;
    if (free >= lastPart(room, takenElsewhere > 0)) {
      return Verdict.GO;
    }
    long rate = pace.writeRate(free, clock.nanoTime());
    return rate == FlushPace.UNLIMITED ? Verdict.GO : new Verdict(Action.SLOW, reason(room), rate);
  }

  private static long lastPart(Room room, boolean elsewhereToo) {
    long local = room.local.capacity();
    long eighth = (local + room.elsewhere.capacity()) / 8;
    return Math.min(eighth, elsewhereToo ? 2 * local : local * 3 / 4);
  }

  private static Counter reason(Room room) {
    return room.elsewhere.capacity() > 0 ? Counter.STALL_DM : Counter.STALL_LOCAL_MEMORY;
  }
}
