package dwarf.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteDelayTest {

  private static final long RATE = 16L << 20;
  private static final long SECOND = 1_000_000_000;

  /** What a timer adds to each sleep. */
  private static final long LATE_NANOS = 100_000;

  /** With a sleep for each of the smallest, 8 % of the rate came through. */
  @ParameterizedTest
  @ValueSource(longs = {120, 4096, 1 << 20, 64 << 20})
  void theRateIsKeptWhateverTheSizeOfAWrite(long bytes) {
    long writes = Math.max(20, 200_000_000 / bytes);
    long now = -5 * SECOND;
    WriteDelay delay = new WriteDelay(now);
    long start = now;
    for (int i = 0; i < writes; i++) {
      long sleep = delay.nanosBefore(bytes, RATE, now);
      assertThat(sleep).isBetween(0L, WriteDelay.MOST_SLEEP_NANOS);
      now += sleep == 0 ? 1000 : sleep + LATE_NANOS;
    }
    double atRate = writes * bytes * 1e9 / RATE;
    if (bytes <= RATE / 10) {
      assertThat((now - start) / atRate).isBetween(0.9, 1.15);
    } else {
      assertThat((double) (now - start))
          .as("a writer that waits longest looks again")
          .isLessThan(writes * (WriteDelay.MOST_SLEEP_NANOS + LATE_NANOS) + 1.0);
    }
  }

  @Test
  void aNewRateHoldsForWhatIsOwedToo() {
    WriteDelay delay = new WriteDelay(0);
    assertThat(delay.nanosBefore(RATE, RATE / 8, 0)).isEqualTo(WriteDelay.MOST_SLEEP_NANOS);
    long now = WriteDelay.MOST_SLEEP_NANOS;
    assertThat(delay.nanosBefore(0, 1000 * RATE, now)).isZero();
    now += 2_000_000;
    assertThat(delay.nanosBefore(RATE / 64, RATE, now)).isBetween(SECOND / 64 - 1, SECOND / 64 + 1);
  }
}
