package dwarf.fabric;

/** What a fabric counts, over all its listeners and connections. */
public enum FabricCounter {
  /** Connections that completed the handshake, both sides. */
  CONNECTIONS_OPENED,
  /** Connections that ended after the handshake, whatever the reason. */
  CONNECTIONS_CLOSED,
  /** Connections turned away: too many, handshake late, or another protocol version. */
  CONNECTIONS_REFUSED,
  /** Connections closed because the peer sent bytes that are no valid frame. */
  MALFORMED_FRAMES,
  /** Connections closed because nothing was heard from the peer within the idle time-out. */
  IDLE_CLOSED,
  /** Operations that failed because their deadline passed. */
  TIMEOUTS,
  /** Answers that came after their operation had ended; they are dropped. */
  LATE_REPLIES,
  /** Requests and replies turned into BUSY by a bound. */
  BUSY_REFUSALS,
  /** Requests delivered to handlers. */
  REQUESTS_SERVED,
  /** Payload bytes that peers wrote into regions here. */
  ONE_SIDED_BYTES_WRITTEN,
  /** Payload bytes that peers read from regions here through this side. */
  ONE_SIDED_BYTES_READ,
  /** Payload bytes read here from memory of peers that is mapped; the peer cannot count them. */
  MAPPED_BYTES_READ,
  /** One-sided accesses refused: key unknown or revoked, out of bounds, or read-only. */
  ONE_SIDED_REFUSED
}
