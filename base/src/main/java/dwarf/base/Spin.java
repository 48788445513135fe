package dwarf.base;

import java.time.Duration;

/**
 * How long to poll for something before sleeping, and when that pays. Waking a thread that sleeps
 * takes 70 to 100 us, more than most of what is waited for. But it only ever pays if another
 * processor can meanwhile do what is waited for: on a single one, or with a quota of at most one,
 * polling uses up the very time that the other side needs.
 */
public final class Spin {

  /** Before a thread sleeps that waits for requests or replies. */
  public static final Duration BEFORE_SLEEP = before(Runtime.getRuntime().availableProcessors());

  private Spin() {}

  /** With so many processors. */
  static Duration before(int processors) {
    return processors > 1 ? Duration.ofNanos(50_000) : Duration.ZERO;
  }
}
