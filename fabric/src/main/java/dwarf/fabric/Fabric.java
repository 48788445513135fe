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

  FabricCounters counters();

  /** Closes everything and returns when its threads have ended. */
  @Override
  void close();
}
