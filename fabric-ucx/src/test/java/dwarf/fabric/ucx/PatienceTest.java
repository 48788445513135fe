package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {

  private final Patience patience = new Patience(100);

  @Test
  void aSleepThatIsCutShortMakesItPollLongerAndALongOneLess() {
    assertThat(patience.isAtEnd(99)).isFalse();
    assertThat(patience.isAtEnd(100)).isTrue();
    patience.slept(499);
    assertThat(patience.isAtEnd(499)).isFalse();
    assertThat(patience.isAtEnd(500)).isTrue();
    patience.slept(500);
    assertThat(patience.isAtEnd(100)).isTrue();
  }

  @Test
  void withASingleProcessorNobodyPolls() {
    Patience none = new Patience(0);
    none.slept(1);
    assertThat(none.isAtEnd(0)).isTrue();
    assertThat(Patience.ofCallers(0)).isZero();
  }
}
