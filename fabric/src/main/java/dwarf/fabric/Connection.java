package dwarf.fabric;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One channel to one listener; thread-safe, usable from virtual threads.
 *
 * <p>F1. Every operation ends: its future completes normally, or exceptionally with a {@link
 * dwarf.base.DwarfException}: UNAVAILABLE (disconnected, deadline passed: the outcome is unknown),
 * STALE_HANDLE (key revoked or unknown), INVALID_ARGUMENT (out of bounds, too large), BUSY (the
 * bound on operations in flight was still reached at the deadline; nothing was sent), or what the
 * server answered. F2. Once a future has completed the fabric no longer touches {@code source} or
 * {@code target}. F3. A write that failed may have landed in part, and one that timed out may still
 * land: revoke its key at the server before the range gets another use. After a failed read the
 * target's content is undefined. F4. Operations in flight are bounded by {@link FabricOptions}; at
 * the bound the calling thread waits (on a fabric thread it gets BUSY at once). F5. A connection
 * that has failed stays failed; connect again. F6. Operations may complete out of order, and those
 * in flight together have no order between them.
 *
 * <p>Futures complete on fabric threads, or on threads that wait for another future of the same
 * connection: dependent stages must not block.
 */
public interface Connection extends AutoCloseable {

  /**
   * Sends a message (copied before return) to the server's handler; the reply is heap memory owned
   * by the caller.
   *
   * @param opcode 0 to 65535
   */
  CompletableFuture<MemorySegment> request(int opcode, MemorySegment payload, Duration timeout);

  /**
   * Writes into the peer's memory without its handler. Any size, heap or native.
   *
   * @param offset relative to the start of the grant
   * @param source must stay alive and unchanged until the future completes
   */
  CompletableFuture<Void> write(RemoteKey key, long offset, MemorySegment source, Duration timeout);

  /**
   * Reads from the peer's memory without its handler. Any size, heap or native.
   *
   * @param offset relative to the start of the grant
   * @param target must stay alive until the future completes
   */
  CompletableFuture<Void> read(RemoteKey key, long offset, MemorySegment target, Duration timeout);

  boolean isOpen();

  FabricAddress remote();

  /** Runs the callback once when the connection ends, at once if it already has. */
  void onClose(Runnable callback);

  /** Ends the connection; operations in flight fail with UNAVAILABLE. */
  @Override
  void close();
}
