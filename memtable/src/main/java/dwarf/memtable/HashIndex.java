package dwarf.memtable;

import static dwarf.memtable.RecordLog.NIL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A concurrent hash table from user key to the newest version of that key in a {@link RecordLog}:
 * open addressing with linear probing, eight bytes per slot, {@code key hash << 32 | unit}, 0 if
 * free.
 *
 * <p>H1. A slot, once taken, belongs to one key for ever; only its unit changes, by compare-and-set
 * and only to a newer version, so versions are reachable newest first. H2. A key has one slot: two
 * threads that insert the same new key race for the same free slot, and the loser looks at it
 * again. H3. The place of a key grows with its hash, so that a table is copied into a larger one in
 * sequential order and without touching the log. H4. A table is left behind complete when it is
 * replaced, and stays readable until the memtable is released: a reader that holds it finds every
 * record which was added before it began.
 *
 * <p>{@link #find} is for any thread, {@link #insert} for any thread while the owner makes sure
 * that there is room.
 */
final class HashIndex {

  /** Beyond this fraction of taken slots, probing gets long. */
  private static final double MAX_LOAD = 0.7;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final VarHandle SLOT = LONG.varHandle();

  private final MemorySegment slots;
  private final long slotCount;
  private final RecordLog log;

  /**
   * @param zeroed empty slots, or the slots of an empty table
   */
  HashIndex(MemorySegment zeroed, RecordLog log) {
    this.slots = zeroed;
    this.slotCount = zeroed.byteSize() / Long.BYTES;
    this.log = log;
  }

  static long bytesFor(long keys) {
    return NativeMemory.roundToPages((long) ((keys / MAX_LOAD + 1) * Long.BYTES));
  }

  RecordLog log() {
    return log;
  }

  long keyCapacity() {
    return (long) (slotCount * MAX_LOAD);
  }

  /** The newest version of the key that is not newer than {@code sequence}, or nil. */
  int find(MemorySegment key, long sequence) {
    return log.visible(newest(key), sequence);
  }

  private int newest(MemorySegment key) {
    int hash = KeyHash.of(key);
    long at = start(hash);
    while (true) {
      long slot = (long) SLOT.getAcquire(slots, at);
      if (slot == 0) {
        return NIL;
      }
      if (hashOf(slot) == hash && log.hasKey((int) slot, key)) {
        return (int) slot;
      }
      at = after(at);
    }
  }

  /**
   * Loads what the insertions of keys with these hashes are going to look at: their slots, all at
   * once, and then the records there.
   *
   * @return something of it, so that the loads are not optimized away
   */
  long touch(int[] hashes, int count) {
    long something = 0;
    for (int i = 0; i < count; i++) {
      something += slots.get(LONG, start(hashes[i]));
    }
    for (int i = 0; i < count; i++) {
      long slot = slots.get(LONG, start(hashes[i]));
      if (slot != 0 && hashOf(slot) == hashes[i]) {
        something += log.touchKey((int) slot);
      }
    }
    return something;
  }

  /** Makes a written record reachable, whose key has that hash; returns whether the key is new. */
  boolean insert(int unit, long sequence, int hash) {
    long taken = ((long) hash << 32) | (unit & 0xffff_ffffL);
    long at = start(hash);
    while (true) {
      long slot = (long) SLOT.getAcquire(slots, at);
      if (slot == 0) {
        log.linkBefore(NIL, unit);
        if (SLOT.compareAndSet(slots, at, 0L, taken)) {
          return true;
        }
      } else if (hashOf(slot) != hash || !log.sameKey((int) slot, unit)) {
        at = after(at);
      } else if (insertVersion(at, slot, taken, sequence)) {
        return false;
      }
    }
  }

  /** Copies all entries into a larger, empty table that nobody else sees yet. */
  void copyTo(HashIndex larger) {
    for (long at = 0; at < slots.byteSize(); at += Long.BYTES) {
      long slot = slots.get(LONG, at);
      if (slot != 0) {
        long to = larger.start(hashOf(slot));
        while (larger.slots.get(LONG, to) != 0) {
          to = larger.after(to);
        }
        larger.slots.set(LONG, to, slot);
      }
    }
  }

  /** False if the slot changed meanwhile and must be looked at again. */
  private boolean insertVersion(long at, long slot, long taken, long sequence) {
    int unit = (int) taken;
    int newest = (int) slot;
    if (sequence >= log.sequence(newest)) {
      log.linkBefore(newest, unit);
      return SLOT.compareAndSet(slots, at, slot, taken);
    }
    int newer = newest;
    while (true) {
      newer = log.lastNewer(newer, sequence);
      int older = log.next(newer);
      if (older == NIL || log.sequence(older) <= sequence) {
        log.linkBefore(older, unit);
        if (log.compareAndSetNext(newer, older, unit)) {
          return true;
        }
      }
    }
  }

  private static int hashOf(long slot) {
    return (int) (slot >>> 32);
  }

  private long start(int hash) {
    return (((hash & 0xffff_ffffL) * slotCount) >>> 32) * Long.BYTES;
  }

  private long after(long at) {
    long next = at + Long.BYTES;
    return next == slots.byteSize() ? 0 : next;
  }
}
