package dwarf.bench.engine;

/**
 * What a write waits for.
 *
 * @param sync until it is on stable storage
 * @param disableWal not even for the write-ahead log
 */
public record Durability(boolean sync, boolean disableWal) {}
