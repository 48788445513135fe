package dwarf.wal.owner;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import java.time.Duration;

/**
 * How to claim a database directory.
 *
 * @param createIfMissing make a new database if there is none
 * @param errorIfExists refuse if there is one
 * @param takeOver fence off an owner that is alive or cannot be proven dead, instead of refusing
 * @param clock should go on while the machine is suspended
 * @param leaseDuration how long an owner may go without looking whether it has been fenced off, and
 *     so how long a take-over waits. Every opener of a database should use the same
 */
public record ClaimOptions(
    boolean createIfMissing,
    boolean errorIfExists,
    boolean takeOver,
    Clock clock,
    Duration leaseDuration) {

  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

  private static final Duration MIN_LEASE = Duration.ofMillis(100);
  private static final Duration MAX_LEASE = Duration.ofHours(1);

  public ClaimOptions {
    if (leaseDuration.compareTo(MIN_LEASE) < 0 || leaseDuration.compareTo(MAX_LEASE) > 0) {
      throw DwarfException.invalid(
          "ownership lease of " + leaseDuration + ": choose " + MIN_LEASE + " to " + MAX_LEASE);
    }
  }

  /** Opens what exists, with the machine's clock and the usual lease. */
  public static ClaimOptions defaults() {
    return new ClaimOptions(false, false, false, new BootClock(), DEFAULT_LEASE);
  }

  public ClaimOptions withCreateIfMissing(boolean create) {
    return new ClaimOptions(create, errorIfExists, takeOver, clock, leaseDuration);
  }

  public ClaimOptions withErrorIfExists(boolean error) {
    return new ClaimOptions(createIfMissing, error, takeOver, clock, leaseDuration);
  }

  public ClaimOptions withTakeOver(boolean take) {
    return new ClaimOptions(createIfMissing, errorIfExists, take, clock, leaseDuration);
  }

  public ClaimOptions withLease(Clock leaseClock, Duration duration) {
    return new ClaimOptions(createIfMissing, errorIfExists, takeOver, leaseClock, duration);
  }
}
