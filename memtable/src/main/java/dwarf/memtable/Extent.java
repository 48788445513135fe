package dwarf.memtable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One mapping of a {@link SlabPool}. Its address space is reserved as a whole; memory is charged
 * from its start, slab by slab. All mutable fields are guarded by the pool.
 */
final class Extent {

  private final Arena arena;
  final MemorySegment memory;

  /** Whether the pool may hand the mapping out again, with whatever bytes it holds then. */
  final boolean reusable;

  /** Bytes from the start that the holder may touch. */
  long charged;

  /** Bytes from the start that may be resident; at least {@link #charged}. */
  long resident;

  /** Whether this is the one extent granted beyond the pool's capacity. */
  boolean oversize;

  /** Whether only readers hold it, so that it does not count. */
  boolean letGo;

  Extent(long bytes, boolean reusable, boolean hugePages) {
    this.reusable = reusable;
    arena = Arena.ofShared();
    memory = hugePages ? NativeMemory.mapHuge(bytes, arena) : NativeMemory.map(bytes, arena);
  }

  long idle() {
    return resident - charged;
  }

  void discardIdle() {
    NativeMemory.discard(memory.asSlice(charged, idle()));
    resident = charged;
  }

  void unmap() {
    arena.close();
  }
}
