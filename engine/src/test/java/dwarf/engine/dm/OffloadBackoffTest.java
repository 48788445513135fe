package dwarf.engine.dm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OffloadBackoffTest {

  private long now = Long.MAX_VALUE - OffloadBackoff.NANOS / 2;
  private final OffloadBackoff backoff = new OffloadBackoff(() -> now);

  @Test
  void nothingIsWaitedForBeforeAnythingWentWrong() {
    assertThat(backoff.isOn(0)).isFalse();
    backoff.shipped();
    assertThat(backoff.isOn(0)).isFalse();
  }

  @Test
  void whereOneHasFittedTheNextIsTriedAtOnce() {
    backoff.refused(7);
    backoff.shipped();
    assertThat(backoff.isOn(8)).isFalse();
    assertThat(backoff.isRefused(8)).isFalse();
  }

  @Test
  void afterAFailureTimeHasToPassWhateverRoomComes() {
    backoff.failed();
    assertThat(backoff.isOn(1)).isTrue();
    now += OffloadBackoff.NANOS - 1;
    assertThat(backoff.isOn(2)).isTrue();
    now += 1;
    assertThat(backoff.isOn(0)).isFalse();
    assertThat(backoff.isRefused(0)).isFalse();
  }

  @Test
  void afterARefusalMoreRoomIsEnough() {
    backoff.refused(7);
    assertThat(backoff.isRefused(7)).isTrue();
    assertThat(backoff.isOn(7)).isTrue();
    assertThat(backoff.isRefused(8)).isFalse();
    assertThat(backoff.isOn(8)).isFalse();
    now += OffloadBackoff.NANOS;
    assertThat(backoff.isOn(7)).isFalse();
    assertThat(backoff.isRefused(7)).as("may be tried, but nothing says that it fits").isTrue();
    backoff.shipped();
    assertThat(backoff.isRefused(7)).isFalse();
  }
}
