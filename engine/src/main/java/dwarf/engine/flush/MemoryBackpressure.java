package dwarf.engine.flush;

import dwarf.base.Clock;
import dwarf.engine.commit.Backpressure;
import dwarf.engine.stats.Counter;
import java.util.function.Supplier;

/**
 * Back-pressure from the memory for memtables, local and disaggregated together. Room comes back in
 * lumps, since an install frees several memtables at once; writers who use up all of it at full
 * speed stop until then. So the last part of it, 1 / {@value #RESERVE} of all but at most {@value
 * #LOCAL_SHARES} times what is local, is spread over the time that the flush under way is expected
 * to take ({@link FlushPace}). The bound is for a large pool that many share: there is always much
 * that is taken, and still enough.
 *
 * <p>Rejected: RocksDB's delayed_write_rate, a fixed one. Above the rate of flushes writers stop
 * all the same, and below it they are held up while there is room.
 */
public final class MemoryBackpressure implements Backpressure {

  private static final int RESERVE = 8;
  private static final int LOCAL_SHARES = 2;

  private final Supplier<Room> memory;
  private final FlushPace pace;
  private final Clock clock;

  /**
   * Memory for memtables.
   *
   * @param bytes that may be written before any need be freed
   * @param local capacity of what is local
   * @param capacity of all
   */
  public record Room(long bytes, long local, long capacity) {

    boolean isPlenty() {
      return bytes >= Math.min(capacity / RESERVE, LOCAL_SHARES * local);
    }

    Counter reason() {
      return capacity > local ? Counter.STALL_DM : Counter.STALL_LOCAL_MEMORY;
    }
  }

  public MemoryBackpressure(Supplier<Room> memory, FlushPace pace, Clock clock) {
    this.memory = memory;
    this.pace = pace;
    this.clock = clock;
  }

  /** Never STOP: who finds no room at all waits for it where it is needed. */
  @Override
  public Verdict verdict() {
    Room room = memory.get();
    if (room.isPlenty()) {
      return Verdict.GO;
    }
    long rate = pace.writeRate(room.bytes, clock.nanoTime());
    return rate == FlushPace.UNLIMITED ? Verdict.GO : new Verdict(Action.SLOW, room.reason(), rate);
  }
}
