package dwarf.fabric.shm;

import dwarf.fabric.FabricOptions;

/**
 * When to say that this side is alive, and whether the other one still is. Confined to the loop,
 * except {@link #consumed}.
 */
final class Pulse {

  private static final long LEAST_TICK_NANOS = 3_000_000;

  private final long idleNanos;
  private final long tickNanos;
  private long nextTick = System.nanoTime();
  private long lastHeard = System.nanoTime();
  private long heardPosition;
  private volatile long consumedPosition;

  /** Ticks three times in the shorter of both sides' idle time-outs. */
  Pulse(FabricOptions options, int peerIdleMillis) {
    idleNanos = options.idleTimeout().toNanos();
    long idle = Math.min(options.idleTimeout().toMillis(), peerIdleMillis);
    tickNanos = Math.max(LEAST_TICK_NANOS, idle * 1_000_000 / 3);
  }

  /** Records were taken, up to this position; any thread. */
  void consumed(long position) {
    consumedPosition = position;
  }

  /** A signal came. */
  void heard() {
    lastHeard = System.nanoTime();
  }

  /** Whether a tick was due. */
  boolean ticks(long now) {
    if (now - nextTick < 0) {
      return false;
    }
    nextTick = now + tickNanos;
    if (consumedPosition != heardPosition) {
      heardPosition = consumedPosition;
      lastHeard = now;
    }
    return true;
  }

  boolean hasStopped(long now) {
    return now - lastHeard > idleNanos;
  }

  long nextTick() {
    return nextTick;
  }
}
