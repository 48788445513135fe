package dwarf.engine.dm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that shards are gathered into and sent from, used again for the next ones until {@link
 * #trim}.
 *
 * <p>Rejected: new memory for every shard. Closing memory that several threads may use waits until
 * each of them has run for a moment, which on a busy processor takes longer than the shard.
 *
 * <p>Bounded by the shipper, which has at most two shards on their way; so many buffers are kept.
 * Thread-safe.
 */
final class SendBuffers implements AutoCloseable {

  private static final int KEPT = 2;
  private static final int ALIGNMENT = 8;

  private final Deque<Buffer> free = new ArrayDeque<>(); // guarded by this
  private boolean closed; // guarded by this
  private final AtomicLong bytes = new AtomicLong();

  /** Memory of some earlier shard's size, or larger. */
  record Buffer(Arena arena, MemorySegment memory) {

    MemorySegment first(long bytes) {
      return memory.asSlice(0, bytes);
    }
  }

  /** A buffer of at least that many bytes, and not of many times more, with any content. */
  Buffer take(long wanted) {
    Buffer kept = poll();
    if (kept != null) {
      long size = kept.memory.byteSize();
      if (size >= wanted && size <= 2 * roundedUp(wanted)) {
        return kept;
      }
      free(kept);
    }
    Arena arena = Arena.ofShared();
    Buffer fresh = new Buffer(arena, arena.allocate(roundedUp(wanted), ALIGNMENT));
    bytes.addAndGet(fresh.memory.byteSize());
    return fresh;
  }

  /** Nobody uses that buffer any more. */
  void giveBack(Buffer buffer) {
    boolean kept;
    synchronized (this) {
      kept = !closed && free.size() < KEPT && free.add(buffer);
    }
    if (!kept) {
      free(buffer);
    }
  }

  /** Frees what is not in use. */
  void trim() {
    for (Buffer idle = poll(); idle != null; idle = poll()) {
      free(idle);
    }
  }

  /** As {@link #trim}; what is in use is freed when it is given back. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    trim();
  }

  /** Bytes of all buffers, in use or kept. */
  long bytes() {
    return bytes.get();
  }

  private synchronized Buffer poll() {
    return free.poll();
  }

  private void free(Buffer buffer) {
    long size = buffer.memory.byteSize();
    buffer.arena.close();
    bytes.addAndGet(-size);
  }

  /** Shards of one memtable differ a little. */
  private static long roundedUp(long wanted) {
    return wanted + wanted / 8;
  }
}
