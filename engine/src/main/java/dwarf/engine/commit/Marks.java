package dwarf.engine.commit;

import dwarf.memtable.WriteLane;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which writes of a lane are finished, by sequence number: where each begins there is a mark that
 * tells where it ends.
 *
 * <p>M1. A mark may be set when everything {@link #RING} numbers before it is visible, for it takes
 * the place of one there. M2. So nobody has to take marks away: one with a smaller number than what
 * is looked for is an older one, since writes do not overlap, and numbers only grow, from lane to
 * lane too. M3. A mark is set after all its write has done, and who finds it sees all that. M4. A
 * write can leave its batch with its mark; who shows takes it before the write is visible, so the
 * slot is empty when the next write may use it.
 *
 * <p>Layout: two words a mark, the last sequence number and the place behind the write; marks of
 * neighbours lie in different cache lines, since different processors set them.
 *
 * <p>Threading: {@link #set}: the write's own thread; {@link #takeBatch}: who shows, one at a time;
 * everything else: any thread.
 */
final class Marks {

  static final int RING = 1 << 13;

  private static final int APART_BITS = 3;
  private static final int APART = RING >> APART_BITS;

  private final AtomicLongArray words = new AtomicLongArray(2 * RING);

  /** Written before its mark, and null again before the slot's next one. */
  private final CommitBatch[] batches = new CommitBatch[RING];

  /** As {@link #set}, for a batch that does not change until it is visible. */
  void set(long first, long last, long end, CommitBatch batch) {
    batches[slotOf(first)] = batch;
    set(first, last, end);
  }

  /** The batch that the finished write which begins with that number has left; null: none. */
  CommitBatch takeBatch(long first) {
    int slot = slotOf(first);
    CommitBatch batch = batches[slot];
    if (batch != null) {
      batches[slot] = null;
    }
    return batch;
  }

  /** The write from that sequence number to the other is finished; it ends at the place. */
  void set(long first, long last, long end) {
    int at = wordOf(first);
    words.setPlain(at + 1, end);
    words.setRelease(at, last);
  }

  /** Where the write that begins with that number ends, or none if it is not finished. */
  long end(long first) {
    int at = wordOf(first);
    return words.getAcquire(at) >= first ? words.getPlain(at + 1) : WriteLane.REFUSED;
  }

  /** Whether a write of that one record is finished. */
  boolean hasSingle(long sequence) {
    return words.getAcquire(wordOf(sequence)) == sequence;
  }

  private static int slotOf(long sequence) {
    return (int) sequence & (RING - 1);
  }

  private static int wordOf(long sequence) {
    int slot = slotOf(sequence);
    return 2 * ((slot >>> APART_BITS) + (slot & ((1 << APART_BITS) - 1)) * APART);
  }
}
