/**
 * Remote memory as an interface: register memory, hand out keys, read and write one-sided, and
 * exchange small messages.
 *
 * <p>Two kinds of operation, because they cost differently. A <em>one-sided</em> operation names a
 * key, an offset and local memory; the transport serves it by itself and the remote {@link
 * dwarf.fabric.ServerHandler} never hears of it, so on hardware with remote memory access it needs
 * no remote CPU at all, and everywhere it needs no remote thread of the application. A
 * <em>request</em> is a small message that a handler answers; it buys the remote CPU's help.
 *
 * <p>The interface is as narrow as all transports can keep: no ordering between operations in
 * flight, no atomics, no callbacks on arrival, no retries (a retry needs to know what is
 * idempotent, which only the caller does). Every operation has a deadline, everything is bounded,
 * and an unknown outcome is told as UNAVAILABLE, never guessed.
 *
 * <p>Keys are capabilities rather than addresses: unguessable, looked up in a table, limited to a
 * range and to an access, revocable at once. So a peer with a stale or invented key reads nobody
 * else's bytes, whatever the memory has since been used for.
 *
 * <p>Transports are found through {@link dwarf.fabric.FabricProvider}; each passes the same
 * contract suite.
 */
package dwarf.fabric;
