package dwarf.evaluate.run;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How often the engines take turns.
 *
 * <p>Every experiment has its first round; it has more, up to so many, while they fit into the
 * time.
 *
 * @param rounds at most
 * @param time for everything, if one round of each experiment takes no longer
 */
public record Turns(int rounds, Duration time) {

  /** That many rounds, however long they take. */
  public static Turns of(int rounds) {
    return new Turns(rounds, ChronoUnit.FOREVER.getDuration());
  }

  /**
   * Whether an experiment has that round.
   *
   * @param used by everything so far
   * @param took how long the experiment's round before this one was
   */
  public boolean include(int round, Duration used, Duration took) {
    return round == 1 || used.plus(took).compareTo(time) <= 0;
  }
}
