package dwarf.fabric.shm;

import dwarf.fabric.memory.SharedFile;
import dwarf.fabric.spi.Publication;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The table of grants that peers read by themselves: one u64 for each, which holds the generation
 * of the grant in that slot as long as it lives, else 0. Peers map it for reading only. Generations
 * are never used twice, slots are. Grants beyond the last slot are not published; they are read
 * through the ring. Thread-safe.
 *
 * <p>G1. A slot is cleared before anything else is done about a grant that ends, in particular
 * before its memory gets another use. A reader copies, then looks at the slot again, with its loads
 * in that order: if the generation still stands there, the copy was over before the grant ended.
 */
final class GrantSlots implements AutoCloseable {

  static final int SLOTS = 1 << 16;
  static final long BYTES = 8L * SLOTS;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final Arena arena = Arena.ofShared();
  private final SharedFile file = SharedFile.inMemory("dwarf-grants", BYTES);
  private final MemorySegment table = file.map(0, BYTES, true, arena);
  private final ArrayDeque<Integer> free = new ArrayDeque<>(); // guarded by this
  private int unused; // guarded by this: slots from here on were never taken
  private long lastGeneration; // guarded by this

  /** The generation in a slot of the table; for readers too. */
  static long generation(MemorySegment table, int slot) {
    return (long) LONG.getAcquire(table, 8L * slot);
  }

  SharedFile.Location location() {
    return file.location();
  }

  /** Publishes a part of a shared file; {@link Publication#NONE} if all slots are taken. */
  synchronized Publication publish(SharedFile.Location memory, long offset, long length) {
    if (free.isEmpty() && unused == SLOTS) {
      return Publication.NONE;
    }
    int slot = free.isEmpty() ? unused++ : free.remove();
    long generation = ++lastGeneration;
    LONG.setVolatile(table, 8L * slot, generation);
    return new Published(
        new GrantRecord(
            memory.fd(),
            slot,
            generation,
            offset,
            length,
            memory.bytes(),
            memory.tokenLow(),
            memory.tokenHigh()));
  }

  private synchronized void release(int slot) {
    free.add(slot);
  }

  @Override
  public void close() {
    arena.close();
    file.close();
  }

  /** One grant in the table. */
  final class Published implements Publication {

    private final GrantRecord where;
    private final AtomicBoolean withdrawn = new AtomicBoolean();

    private Published(GrantRecord where) {
      this.where = where;
    }

    GrantRecord where() {
      return where;
    }

    @Override
    public void withdraw() {
      if (withdrawn.compareAndSet(false, true)) {
        LONG.setVolatile(table, 8L * where.slot(), 0L);
        VarHandle.fullFence();
        release(where.slot());
      }
    }
  }
}
