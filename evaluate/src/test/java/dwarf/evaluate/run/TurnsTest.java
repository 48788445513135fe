package dwarf.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final Duration LONG = Duration.ofDays(1);

  @Test
  void thereIsAlwaysAFirstRoundAndMoreOnlyIfTheyFit() {
    Turns turns = new Turns(3, Duration.ofSeconds(60));
    assertThat(turns.include(1, LONG, Duration.ZERO)).isTrue();
    assertThat(turns.include(2, Duration.ofSeconds(30), Duration.ofSeconds(30))).isTrue();
    assertThat(turns.include(2, Duration.ofSeconds(31), Duration.ofSeconds(30))).isFalse();
  }

  @Test
  void withoutALimitAllRoundsRun() {
    assertThat(Turns.of(2).include(2, LONG, LONG)).isTrue();
  }
}
