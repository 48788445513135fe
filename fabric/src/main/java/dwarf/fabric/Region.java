package dwarf.fabric;

import java.lang.foreign.MemorySegment;

/**
 * Memory that peers may reach one-sided, through keys granted on parts of it. The memory belongs to
 * the caller, who frees it only after {@link #close}: from then on no peer touches it.
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

  /** Revokes every key of the region. */
  @Override
  void close();
}
