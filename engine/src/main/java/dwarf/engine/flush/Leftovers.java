package dwarf.engine.flush;

import dwarf.base.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Removes what given-up attempts leave in the stage. No result of theirs is ever looked at, so
 * their files can go at any time, even under the hands of a worker that has not noticed yet. Such a
 * worker may write another file later: the stage is swept again every {@link #INTERVAL} until
 * {@link #KEEP} after the attempt was given up, many times the lease of a task. What is written
 * even later, or is one too many for the bound, stays for the sweep at the next open.
 *
 * <p>Used by the flush thread alone.
 */
final class Leftovers {

  static final Duration INTERVAL = Duration.ofSeconds(10);
  static final Duration KEEP = Duration.ofMinutes(2);
  static final int MAX_ATTEMPTS = 1024;

  private final Stage stage;
  private final Clock clock;
  private final Deque<GivenUp> oldestFirst = new ArrayDeque<>();
  private long nextSweep;

  private record GivenUp(UUID attempt, long since) {}

  Leftovers(Stage stage, Clock clock) {
    this.stage = stage;
    this.clock = clock;
  }

  /** Nobody will ask for this attempt's result. */
  void add(UUID attempt) {
    if (oldestFirst.size() == MAX_ATTEMPTS) {
      oldestFirst.removeFirst();
    }
    long now = clock.nanoTime();
    oldestFirst.addLast(new GivenUp(attempt, now));
    nextSweep = now;
  }

  /** Removes what is there, if it is time to look; costs nothing if no attempt was given up. */
  void sweep() {
    long now = clock.nanoTime();
    if (oldestFirst.isEmpty() || now - nextSweep < 0) {
      return;
    }
    Set<UUID> attempts =
        oldestFirst.stream().map(GivenUp::attempt).collect(Collectors.toUnmodifiableSet());
    stage.deleteFilesOf(attempts);
    nextSweep = now + INTERVAL.toNanos();
    while (!oldestFirst.isEmpty() && now - oldestFirst.getFirst().since() > KEEP.toNanos()) {
      oldestFirst.removeFirst();
    }
  }
}
