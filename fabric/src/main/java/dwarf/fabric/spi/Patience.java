package dwarf.fabric.spi;

import dwarf.base.Spin;

/**
 * How long a thread polls after the last event before it sleeps. To wake it takes longer than most
 * of what it waits for, and where each side sleeps while the other one wakes, neither ever polls at
 * the right time: both stay slow for as long as the traffic lasts. So a sleep that was cut short by
 * an event is taken as the advice to poll longer, and a long one as the advice not to.
 *
 * <p>Whoever polls in vain lets others run now and then. Who is woken while all processors are
 * polling is put on one of theirs, and the scheduler moves it away only after a while: then what is
 * waited for is done by a peer that waits for this very processor.
 *
 * <p>One thread.
 */
public final class Patience {

  private static final int MOST = 5;
  private static final int POLLS_PER_YIELD = 8;

  private final long leastNanos;
  private long nanos;
  private int idlePolls;

  /** Of at least so long; 0 if nobody is to poll. */
  public Patience(long leastNanos) {
    this.leastNanos = leastNanos;
    nanos = leastNanos;
  }

  /** Of a caller, who loses more by sleeping: he too has to be woken, by who was woken before. */
  public static Patience ofCaller(long leastNanos) {
    return new Patience(MOST * leastNanos);
  }

  /** Between two polls that found nothing; false if it is time to sleep. */
  public boolean waits(long nanosSinceEvent) {
    if (nanosSinceEvent >= nanos) {
      return false;
    }
    if (++idlePolls % POLLS_PER_YIELD != 0 || !Spin.giveWay()) {
      Spin.pause();
    }
    return true;
  }

  /** It slept for so long, until an event or in vain. */
  public void slept(long sleptNanos) {
    nanos = sleptNanos < MOST * leastNanos ? MOST * leastNanos : leastNanos;
  }
}
