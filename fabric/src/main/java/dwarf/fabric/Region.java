package dwarf.fabric;

import java.lang.foreign.MemorySegment;

/**
 * Memory that peers may reach one-sided, through keys granted on parts of it. Memory that was
 * registered belongs to the caller, who frees it only after {@link #close}: from then on no peer
 * touches it. Memory that the fabric allocated is freed by {@link #close}.
 */
public interface Region extends AutoCloseable {

  MemorySegment memory();

  /** A new unguessable key for {@code [offset, offset + length)}; INVALID_ARGUMENT if outside. */
  RemoteKey grant(long offset, long length, Access access);

  /**
   * Ends a key. When it returns, no operation under the key is in flight and every later one fails
   * with STALE_HANDLE. Unknown and already revoked keys are ignored. Safe on any thread, also from
   * within a {@link ServerHandler}: it waits at most for a memory copy of one chunk.
   */
  void revoke(RemoteKey key);

  /**
   * Makes sure that a part of allocated memory can be touched; NO_SPACE if there are no pages for
   * it. Due before the first use of each part, and before the next one after {@link #discard}.
   */
  default void commit(long offset, long length) {}

  /**
   * Zeroes whole pages (offset and length are multiples of 4096) and, where the fabric allocated
   * them, gives them back to the operating system.
   */
  default void discard(long offset, long length) {
    memory().asSlice(offset, length).fill((byte) 0);
  }

  /** Revokes every key of the region. */
  @Override
  void close();
}
