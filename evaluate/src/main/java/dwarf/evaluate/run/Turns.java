package dwarf.evaluate.run;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How often the engines take turns.
 *
 * <p>Every experiment has its first round; it has more, up to so many, while they fit into its
 * share of the time. What an experiment leaves over is for those after it.
 *
 * @param rounds at most
 * @param time for all experiments together, if one round of each takes no longer
 */
public record Turns(int rounds, Duration time) {

  /** That many rounds, however long they take. */
  public static Turns of(int rounds) {
    return new Turns(rounds, ChronoUnit.FOREVER.getDuration());
  }

  /** The time for the next experiment, when so much is used and so many are to come, with it. */
  public Duration share(Duration used, int toCome) {
    return time.compareTo(used) <= 0 ? Duration.ZERO : time.minus(used).dividedBy(toCome);
  }

  /** Whether one more round, as long as those before it, fits into an experiment's share. */
  boolean hasAnother(int done, Duration used, Duration share) {
    return done < rounds && (done == 0 || used.plus(used.dividedBy(done)).compareTo(share) <= 0);
  }
}
