package dwarf.fabric;

import java.lang.foreign.MemorySegment;

/**
 * One transport: listens, connects, and lends memory. Owns its threads, listeners, connections and
 * regions, and closes them all. Thread-safe.
 */
public interface Fabric extends AutoCloseable {

  String scheme();

  /**
   * Accepts peers at the address. Without {@link FabricOptions#insecure()} an address that other
   * machines can reach is refused, since no transport authenticates its peers yet.
   */
  Listener listen(FabricAddress address, ServerHandler handler);

  /** Connects and shakes hands within {@link FabricOptions#connectTimeout()}, or UNAVAILABLE. */
  Connection connect(FabricAddress address);

  /** Makes native memory reachable for peers that hold keys of the returned region. */
  Region register(MemorySegment memory);

  /**
   * New zeroed memory of the kind that this transport shares best, registered. It takes pages as
   * they are committed ({@link Region#commit}) and used; NO_SPACE if there is not even an address
   * range of that size.
   */
  Region allocate(long bytes);

  FabricCounters counters();

  /** Closes everything and returns when its threads have ended. */
  @Override
  void close();
}
