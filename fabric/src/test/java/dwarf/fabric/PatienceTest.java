package dwarf.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.spi.Patience;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private final Patience patience = new Patience(100);

  @Test
  void aSleepThatIsCutShortMakesItPollLongerAndALongOneLess() {
    assertThat(patience.waits(99)).isTrue();
    assertThat(patience.waits(100)).isFalse();
    patience.slept(499);
    assertThat(patience.waits(499)).isTrue();
    assertThat(patience.waits(500)).isFalse();
    patience.slept(500);
    assertThat(patience.waits(100)).isFalse();
  }

  @Test
  void aCallerWaitsLonger() {
    assertThat(Patience.ofCaller(100).waits(499)).isTrue();
    assertThat(Patience.ofCaller(100).waits(500)).isFalse();
  }

  @Test
  void withASingleProcessorNobodyPolls() {
    Patience none = new Patience(0);
    none.slept(1);
    assertThat(none.waits(0)).isFalse();
    assertThat(Patience.ofCaller(0).waits(0)).isFalse();
  }
}
