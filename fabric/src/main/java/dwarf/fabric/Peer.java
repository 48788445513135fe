package dwarf.fabric;

/**
 * The other end of one accepted connection.
 *
 * @param id unique within one {@link Fabric}, never reused
 * @param description for logs: scheme and remote address
 */
public record Peer(long id, String description) {}
