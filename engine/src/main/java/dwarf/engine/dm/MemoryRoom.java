package dwarf.engine.dm;

/**
 * What one database has of some memory for its memtables.
 *
 * @param free bytes
 * @param capacity bytes, free or not
 */
public record MemoryRoom(long free, long capacity) {

  /** Where there is no disaggregated memory, or none that has ever answered. */
  public static final MemoryRoom NONE = new MemoryRoom(0, 0);

  /** Of so many bytes so many are used, or said to be: not more than all, whoever says so. */
  static MemoryRoom of(long capacity, long used) {
    return new MemoryRoom(Math.max(0, capacity - used), capacity);
  }

  /**
   * Of a memory node's pool, which may be shared.
   *
   * @param pool of all databases
   * @param quota of this one, 0 for none
   * @param used by this one
   */
  static MemoryRoom within(MemoryRoom pool, long quota, long used) {
    return quota == 0 || quota >= pool.capacity
        ? pool
        : new MemoryRoom(Math.clamp(quota - used, 0, pool.free), quota);
  }
}
