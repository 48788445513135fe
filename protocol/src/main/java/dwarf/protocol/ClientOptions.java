package dwarf.protocol;

import dwarf.base.Clock;
import java.time.Duration;

/**
 * The patience of a client.
 *
 * @param timeout of one request, without the wait a long poll asks for
 * @param transferTimeout of one one-sided read or write, whatever its size
 * @param retryPause after a failed attempt to connect, how long calls fail at once instead of
 *     trying again
 */
public record ClientOptions(
    Duration timeout, Duration transferTimeout, Duration retryPause, Clock clock) {

  public static final ClientOptions DEFAULTS =
      new ClientOptions(
          Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMillis(250), Clock.SYSTEM);

  public ClientOptions withTimeouts(Duration request, Duration transfer) {
    return new ClientOptions(request, transfer, retryPause, clock);
  }

  public ClientOptions withRetryPause(Duration pause) {
    return new ClientOptions(timeout, transferTimeout, pause, clock);
  }
}
