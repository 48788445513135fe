package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpinTest {

  @Test
  void nobodyPollsWhereThereIsNobodyElseToDoTheWork() {
    assertThat(Spin.before(1)).isZero();
    assertThat(Spin.before(2)).isPositive();
    assertThat(Spin.BEFORE_SLEEP)
        .isEqualTo(Spin.before(Runtime.getRuntime().availableProcessors()));
  }
}
