package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.Invariants;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bounded off-heap memory of all active and sealed local memtables of a process.
 *
 * <p>Idea: a memtable reserves <em>address space</em> for its whole log at once, which is free, and
 * is charged for memory slab by slab as the log grows. So a log is contiguous (no record straddles
 * anything, no directory, no waste at slab ends), yet a nearly empty memtable holds one slab. A
 * released extent stays mapped with its pages, for the next memtable to write to without page
 * faults, until the room is needed or {@link #trim} is called. Slabs of whole huge pages come in
 * such, so that no more is resident than is charged.
 *
 * <p>P1. charged + idle &lt;= capacity at every moment, the oversize extent and those let go left
 * out. P2. At most one oversize extent exists that was not let go. P3. Refusal is a value; only a
 * failing system call throws. P4. Memory beyond an extent's charge is idle: the pool takes it back
 * whenever it wants. P5. An extent that was {@linkplain #letGo let go} fills the pool no more,
 * however long it is held: whoever waits for room waits for what the pool's user can bring about.
 *
 * <p>Thread-safe. Rejected: separate slabs joined by a directory, which costs a lookup per record,
 * room at slab ends that a group's leader cannot foresee, and dedicated regions for large values.
 */
public final class SlabPool implements AutoCloseable {

  private final long capacity;

  private final long slabBytes;
  private final Set<Extent> held = new LinkedHashSet<>();
  private final Deque<Extent> cached = new ArrayDeque<>();
  private long charged;
  private long idle;
  private long oversize;

  /** Held, but does not count (P5). */
  private long letGo;

  private boolean closed;

  public SlabPool(long capacityBytes, int slabBytes) {
    if (slabBytes <= 0 || slabBytes % NativeMemory.PAGE_BYTES != 0 || capacityBytes < slabBytes) {
      throw DwarfException.invalid(
          "pool of "
              + capacityBytes
              + " bytes in slabs of "
              + slabBytes
              + ": a slab is a multiple of "
              + NativeMemory.PAGE_BYTES
              + " bytes, and the pool holds at least one");
    }
    this.capacity = capacityBytes;
    this.slabBytes = slabBytes;
  }

  public long capacity() {
    return capacity;
  }

  /** Bytes short of the capacity; none while an oversize extent fills or exceeds what is left. */
  public synchronized long available() {
    return Math.max(0, capacity - charged - oversize);
  }

  /** Bytes handed out; exceeds the capacity only by an oversize group and what was let go. */
  public synchronized long used() {
    return charged + oversize + letGo;
  }

  /** Bytes that were let go and are still held. */
  public synchronized long pinned() {
    return letGo;
  }

  /** Bytes handed out plus idle bytes kept for reuse: the most that can be resident. */
  public synchronized long resident() {
    return used() + idle;
  }

  /** Gives all idle memory back to the system. */
  public synchronized void trim() {
    makeIdleAtMost(0);
  }

  /** Gives idle memory back; what is held now is given back when its holder releases it. */
  @Override
  public synchronized void close() {
    closed = true;
    makeIdleAtMost(0);
  }

  /** Address space of at least {@code bytes}, nothing charged yet, content undefined. */
  synchronized Extent reserve(long bytes) {
    checkOpen();
    long mapped = NativeMemory.roundToPages(bytes);
    for (Extent extent : cached) {
      if (extent.memory.byteSize() >= mapped) {
        cached.remove(extent);
        held.add(extent);
        return extent;
      }
    }
    Extent extent = new Extent(mapped, true, slabBytes % NativeMemory.HUGE_PAGE_BYTES == 0);
    held.add(extent);
    return extent;
  }

  /** Charges the extent so that its first {@code bytes} may be touched; false if refused. */
  synchronized boolean charge(Extent extent, long bytes) {
    checkOpen();
    long slabs = (bytes + slabBytes - 1) / slabBytes;
    long target = Math.min(slabs * slabBytes, extent.memory.byteSize());
    if (extent.oversize || target <= extent.charged) {
      return true;
    }
    if (charged + target - extent.charged > capacity) {
      return false;
    }
    long reused = Math.min(target, extent.resident) - extent.charged;
    idle -= reused;
    charged += target - extent.charged;
    extent.charged = target;
    extent.resident = Math.max(extent.resident, target);
    makeIdleAtMost(capacity - charged);
    return true;
  }

  /** Grants the whole extent, beyond the capacity; false if such a grant is outstanding. */
  synchronized boolean chargeOversize(Extent extent) {
    checkOpen();
    if (oversize > 0) {
      return false;
    }
    idle -= extent.idle();
    charged -= extent.charged;
    oversize = extent.memory.byteSize();
    extent.oversize = true;
    extent.charged = oversize;
    extent.resident = oversize;
    return true;
  }

  /**
   * A zeroed extent of exactly {@code bytes} rounded to pages, charged in full; null if refused.
   */
  synchronized Extent allocate(long bytes) {
    checkOpen();
    long mapped = NativeMemory.roundToPages(bytes);
    if (charged + mapped > capacity) {
      return null;
    }
    makeIdleAtMost(capacity - charged - mapped);
    Extent extent = new Extent(mapped, false, mapped >= NativeMemory.HUGE_PAGE_BYTES);
    charged += mapped;
    extent.charged = mapped;
    extent.resident = mapped;
    held.add(extent);
    return extent;
  }

  /** Its user is done with the extent, and only readers hold it still (P5); again is harmless. */
  synchronized void letGo(Extent extent) {
    if (extent.letGo) {
      return;
    }
    if (extent.idle() > 0) {
      idle -= extent.idle();
      extent.discardIdle();
    }
    if (extent.oversize) {
      oversize = 0;
    } else {
      charged -= extent.charged;
    }
    letGo += extent.charged;
    extent.letGo = true;
  }

  /** Takes an extent back. No thread may touch it any more. */
  synchronized void release(Extent extent) {
    Invariants.check(held.remove(extent), "an extent is released once, to its own pool");
    if (extent.letGo) {
      letGo -= extent.charged;
      extent.unmap();
      return;
    }
    if (extent.oversize) {
      oversize = 0;
      extent.unmap();
      return;
    }
    charged -= extent.charged;
    idle += extent.charged;
    extent.charged = 0;
    cached.addFirst(extent);
    if (closed || !extent.reusable || extent.resident == 0) {
      dropCached(extent);
    }
  }

  /** Takes cached extents first, oldest first, then the idle tails of extents in use. */
  private void makeIdleAtMost(long bytes) {
    while (idle > bytes && !cached.isEmpty()) {
      dropCached(cached.peekLast());
    }
    if (idle > bytes) {
      for (Extent extent : held) {
        if (extent.idle() > 0) {
          idle -= extent.idle();
          extent.discardIdle();
        }
      }
    }
  }

  private void dropCached(Extent extent) {
    cached.remove(extent);
    idle -= extent.resident;
    extent.unmap();
  }

  private void checkOpen() {
    if (closed) {
      throw new DwarfException(Kind.CLOSED, "the memtable pool has been closed");
    }
  }
}
