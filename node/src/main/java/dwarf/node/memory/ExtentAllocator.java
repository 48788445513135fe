package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Divides the offsets 0 to capacity into extents of whole pages; knows no memory. Best fit, the
 * lowest offset among equals, and neighbours that are free become one at once.
 *
 * <p>A1. Free and allocated extents tile the space without gap or overlap. A2. No two free extents
 * touch. Images are few and large (megabytes), so an ordered map costs nothing against shipping
 * them; a buddy system would waste up to half of each. Thread-safe.
 */
final class ExtentAllocator {

  /** Extents begin and end at multiples of this, so that their memory can go back to the OS. */
  static final int PAGE = 4096;

  private record Extent(long offset, long length) {}

  private static final Comparator<Extent> BY_SIZE =
      Comparator.comparingLong(Extent::length).thenComparingLong(Extent::offset);

  private final long capacity;
  private final TreeMap<Long, Extent> freeByOffset = new TreeMap<>();
  private final TreeSet<Extent> freeBySize = new TreeSet<>(BY_SIZE);
  private final Map<Long, Extent> allocated = new HashMap<>();
  private long used;

  ExtentAllocator(long capacity) {
    if (capacity <= 0 || capacity % PAGE != 0) {
      throw DwarfException.invalid(
          "pool of " + capacity + " bytes: the size must be a positive multiple of " + PAGE);
    }
    this.capacity = capacity;
    addFree(new Extent(0, capacity));
  }

  /** What an allocation of {@code bytes} takes from the pool. */
  static long rounded(long bytes) {
    return Math.ceilDiv(Math.max(1, bytes), PAGE) * PAGE;
  }

  /** The offset of a new extent of {@link #rounded} length, or -1 if no free extent is as long. */
  synchronized long allocate(long bytes) {
    if (bytes > capacity) {
      return -1;
    }
    long length = rounded(bytes);
    Extent best = freeBySize.ceiling(new Extent(0, length));
    if (best == null) {
      return -1;
    }
    removeFree(best);
    if (best.length > length) {
      addFree(new Extent(best.offset + length, best.length - length));
    }
    allocated.put(best.offset, new Extent(best.offset, length));
    used += length;
    return best.offset;
  }

  synchronized void release(long offset) {
    Extent freed = allocated.remove(offset);
    Invariants.check(freed != null, "only an allocated extent is released, and once");
    used -= freed.length;
    Map.Entry<Long, Extent> before = freeByOffset.lowerEntry(offset);
    if (before != null && before.getValue().offset + before.getValue().length == offset) {
      removeFree(before.getValue());
      freed = new Extent(before.getValue().offset, before.getValue().length + freed.length);
    }
    Extent after = freeByOffset.get(freed.offset + freed.length);
    if (after != null) {
      removeFree(after);
      freed = new Extent(freed.offset, freed.length + after.length);
    }
    addFree(freed);
  }

  synchronized long used() {
    return used;
  }

  synchronized long largestFree() {
    return freeBySize.isEmpty() ? 0 : freeBySize.last().length;
  }

  /** Checks A1 and A2. */
  synchronized void verify() {
    TreeMap<Long, Extent> all = new TreeMap<>(freeByOffset);
    all.putAll(allocated);
    Invariants.check(all.size() == freeByOffset.size() + allocated.size(), "A1: no overlap");
    Invariants.check(freeBySize.size() == freeByOffset.size(), "both orders list the same extents");
    long at = 0;
    boolean previousFree = false;
    for (Extent extent : all.values()) {
      boolean free = freeByOffset.containsKey(extent.offset);
      Invariants.check(extent.offset == at, "A1: no gap");
      Invariants.check(!(free && previousFree), "A2: free neighbours are one");
      at += extent.length;
      previousFree = free;
    }
    Invariants.check(at == capacity, "A1: the whole space is tiled");
  }

  private void addFree(Extent extent) {
    freeByOffset.put(extent.offset, extent);
    freeBySize.add(extent);
  }

  private void removeFree(Extent extent) {
    freeByOffset.remove(extent.offset);
    freeBySize.remove(extent);
  }
}
