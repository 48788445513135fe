package dwarf.fabric;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.Spin;
import java.time.Duration;

/**
 * The bounds of a fabric.
 *
 * @param maxInFlightRequests operations in flight per connection, on both sides
 * @param maxInFlightBytes payload bytes in flight per connection, and reply bytes a server keeps
 *     for a peer that does not read them
 * @param maxFrameBytes largest message; larger ones are refused before anything is allocated
 * @param chunkBytes largest piece of a one-sided transfer sent at once; small enough that a request
 *     behind it does not wait long
 * @param connectTimeout for the connection and its handshake, on both sides
 * @param idleTimeout a peer not heard of for this long is gone; heartbeats go out at a third of it
 * @param maxConnections connections one listener accepts at a time
 * @param ioThreads event loops of the fabric
 * @param spin how long an event loop polls after its last event before it sleeps; over shared
 *     memory and UCX up to five times as long where it pays, and so does a caller for its reply.
 *     Waking a thread costs more than most operations
 * @param insecure listen where other machines can connect, although nothing authenticates them; no
 *     matter for transports that stay within one host and user
 */
public record FabricOptions(
    int maxInFlightRequests,
    long maxInFlightBytes,
    int maxFrameBytes,
    int chunkBytes,
    Duration connectTimeout,
    Duration idleTimeout,
    int maxConnections,
    int ioThreads,
    Duration spin,
    boolean insecure) {

  public static final FabricOptions DEFAULTS =
      new FabricOptions(
          1024,
          64L << 20,
          Limits.MAX_FRAME_BYTES,
          256 << 10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          1024,
          Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8),
          Spin.BEFORE_SLEEP,
          false);

  public FabricOptions {
    require(maxInFlightRequests > 0, "maxInFlightRequests must be positive");
    require(
        maxFrameBytes > 0 && maxFrameBytes <= Limits.MAX_FRAME_BYTES,
        "maxFrameBytes must be 1 to " + Limits.MAX_FRAME_BYTES);
    require(
        maxInFlightBytes >= maxFrameBytes && maxInFlightBytes <= Integer.MAX_VALUE,
        "maxInFlightBytes must be at least maxFrameBytes and below 2 GiB");
    require(chunkBytes > 0 && chunkBytes <= maxFrameBytes, "chunkBytes must be 1 to maxFrameBytes");
    require(connectTimeout.isPositive(), "connectTimeout must be positive");
    require(idleTimeout.toMillis() >= 10, "idleTimeout must be at least 10 ms");
    require(maxConnections > 0, "maxConnections must be positive");
    require(ioThreads > 0, "ioThreads must be positive");
    require(!spin.isNegative(), "spin must not be negative");
  }

  public FabricOptions withInFlight(int requests, long bytes) {
    return new FabricOptions(
        requests,
        bytes,
        maxFrameBytes,
        chunkBytes,
        connectTimeout,
        idleTimeout,
        maxConnections,
        ioThreads,
        spin,
        insecure);
  }

  public FabricOptions withFrames(int frameBytes, int transferChunkBytes) {
    return new FabricOptions(
        maxInFlightRequests,
        maxInFlightBytes,
        frameBytes,
        transferChunkBytes,
        connectTimeout,
        idleTimeout,
        maxConnections,
        ioThreads,
        spin,
        insecure);
  }

  public FabricOptions withTimeouts(Duration connect, Duration idle) {
    return new FabricOptions(
        maxInFlightRequests,
        maxInFlightBytes,
        maxFrameBytes,
        chunkBytes,
        connect,
        idle,
        maxConnections,
        ioThreads,
        spin,
        insecure);
  }

  public FabricOptions withMaxConnections(int connections) {
    return new FabricOptions(
        maxInFlightRequests,
        maxInFlightBytes,
        maxFrameBytes,
        chunkBytes,
        connectTimeout,
        idleTimeout,
        connections,
        ioThreads,
        spin,
        insecure);
  }

  public FabricOptions withThreads(int threads, Duration spinTime) {
    return new FabricOptions(
        maxInFlightRequests,
        maxInFlightBytes,
        maxFrameBytes,
        chunkBytes,
        connectTimeout,
        idleTimeout,
        maxConnections,
        threads,
        spinTime,
        insecure);
  }

  public FabricOptions withInsecure(boolean allowed) {
    return new FabricOptions(
        maxInFlightRequests,
        maxInFlightBytes,
        maxFrameBytes,
        chunkBytes,
        connectTimeout,
        idleTimeout,
        maxConnections,
        ioThreads,
        spin,
        allowed);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw DwarfException.invalid("fabric option: " + rule);
    }
  }
}
