package dwarf.engine.dm;

import dwarf.base.Clock;

/**
 * When shipping is tried again after it did not work out: after half a second, or, if there was no
 * room, as soon as there is more.
 *
 * <p>Written by the offloader's thread; read by any.
 */
final class OffloadBackoff {

  static final long NANOS = 500_000_000;

  private final Clock clock;
  private volatile long until;
  private volatile boolean refused;

  /** How often room had come before the attempt that was refused. */
  private volatile long roomBefore;

  OffloadBackoff(Clock clock) {
    this.clock = clock;
    this.until = clock.nanoTime();
  }

  void shipped() {
    refused = false;
    until = clock.nanoTime();
  }

  void failed() {
    refused = false;
    until = clock.nanoTime() + NANOS;
  }

  /**
   * The memory node had no room.
   *
   * @param before how often room had come before it was asked
   */
  void refused(long before) {
    roomBefore = before;
    refused = true;
    until = clock.nanoTime() + NANOS;
  }

  /**
   * Whether the last attempt was refused for want of room, and none has come since.
   *
   * @param timesRoomCame by now
   */
  boolean isRefused(long timesRoomCame) {
    return refused && timesRoomCame == roomBefore;
  }

  /**
   * Whether to wait.
   *
   * @param timesRoomCame by now
   */
  boolean isOn(long timesRoomCame) {
    boolean mayFitNow = refused && !isRefused(timesRoomCame);
    return !mayFitNow && clock.nanoTime() - until < 0;
  }
}
