package dwarf.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final Duration SHARE = Duration.ofSeconds(60);

  private final Turns turns = new Turns(3, Duration.ofMinutes(10));

  @Test
  void timeThatWasNotUsedIsForThoseToCome() {
    assertThat(turns.share(Duration.ZERO, 10)).isEqualTo(Duration.ofMinutes(1));
    assertThat(turns.share(Duration.ofMinutes(4), 3)).isEqualTo(Duration.ofMinutes(2));
    assertThat(turns.share(Duration.ofMinutes(11), 3)).isEqualTo(Duration.ZERO);
  }

  @Test
  void thereIsAlwaysAFirstRoundAndMoreOnlyIfTheyFit() {
    assertThat(turns.hasAnother(0, Duration.ZERO, Duration.ZERO)).isTrue();
    assertThat(turns.hasAnother(1, Duration.ofSeconds(30), SHARE)).isTrue();
    assertThat(turns.hasAnother(2, Duration.ofSeconds(60), SHARE)).isFalse();
    assertThat(turns.hasAnother(3, Duration.ofSeconds(9), SHARE)).isFalse();
  }

  @Test
  void withoutALimitAllRoundsRun() {
    Turns all = Turns.of(2);
    Duration share = all.share(Duration.ofDays(1), 40);
    assertThat(all.hasAnother(1, Duration.ofDays(1), share)).isTrue();
    assertThat(all.hasAnother(2, Duration.ofDays(1), share)).isFalse();
  }
}
