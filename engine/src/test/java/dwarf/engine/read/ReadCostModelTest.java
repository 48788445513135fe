package dwarf.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.read.ReadCostModel.Route;
import dwarf.protocol.NodeLoad;
import org.junit.jupiter.api.Test;

class ReadCostModelTest {

  private static final NodeLoad IDLE = new NodeLoad(0, 100, 1, 0);
  private static final NodeLoad BUSY = new NodeLoad(32, 1000, 1, 0);

  private static ReadCostModel measured(long oneSided, long delegated) {
    ReadCostModel model = new ReadCostModel();
    for (int i = 0; i < 100; i++) {
      model.measured(Route.ONE_SIDED, oneSided);
      model.measured(Route.DELEGATED, delegated);
    }
    return model;
  }

  private static final int READS = 100 * Exploration.EVERY;

  /** Choices until the first tries of the other route are over. */
  private static final int SETTLING = Exploration.FIRST * Exploration.EVERY;

  private static int oneSidedOf(ReadCostModel model, int candidates, NodeLoad load) {
    int chosen = 0;
    for (int i = 0; i < READS; i++) {
      chosen += model.choose(candidates, load) == Route.ONE_SIDED ? 1 : 0;
    }
    return chosen;
  }

  @Test
  void takesTheCheaperRouteAndExploresTheOther() {
    assertThat(oneSidedOf(measured(40_000, 40_000), 1, IDLE)).isEqualTo(READS - 100);
    assertThat(oneSidedOf(measured(50_000, 40_000), 1, IDLE))
        .isEqualTo(Exploration.FIRST + (READS - SETTLING) / 40);
  }

  @Test
  void theDearerTheOtherRouteTheLessOftenIsItTried() {
    assertThat(oneSidedOf(measured(1_000, 50_000), 1, IDLE))
        .isEqualTo(READS - Exploration.FIRST - (READS - SETTLING) / 1600);
    ReadCostModel model = measured(1_000, 1_000_000_000);
    long reads = (long) Exploration.EVERY * Exploration.MOST_DEAR;
    long delegated = 0;
    for (long i = 0; i < 3 * reads; i++) {
      delegated += model.choose(1, IDLE) == Route.DELEGATED ? 1 : 0;
    }
    assertThat(delegated).isEqualTo(Exploration.FIRST + 2);
  }

  @Test
  void everyBlockReadIsMeasuredWhileBlocksSeemDearAndSomeLater() {
    assertThat(measuredOf(new ReadCostModel())).isEqualTo(READS);
    assertThat(measuredOf(measured(50_000, 40_000))).isEqualTo(READS);
    int some = READS / 8;
    assertThat(measuredOf(measured(2_000, 40_000))).isBetween(some - some / 10, some + some / 10);
  }

  @Test
  void noPatternOfReadsIsMeasuredNeverOrAlways() {
    for (int step : new int[] {2, 3, 4, 7, 8, 16}) {
      for (int first = 0; first < step; first++) {
        ReadCostModel model = measured(2_000, 40_000);
        int measured = 0;
        for (int i = 0; i < READS; i++) {
          measured += model.wantsBlockRead(first + i * step) ? 1 : 0;
        }
        assertThat(measured).as("%d and every %dth", first, step).isBetween(READS / 16, READS / 4);
      }
    }
  }

  @Test
  void whatWasNeverReadIsMeasuredOnceItIs() {
    ReadCostModel model = new ReadCostModel();
    model.measured(Route.DELEGATED, 40_000);
    assertThat(measuredOf(model)).isEqualTo(READS);
  }

  private static int measuredOf(ReadCostModel model) {
    int measured = 0;
    for (int i = 0; i < READS; i++) {
      measured += model.wantsBlockRead(i) ? 1 : 0;
    }
    return measured;
  }

  @Test
  void aBusyNodeMakesDelegationDearer() {
    ReadCostModel model = measured(60_000, 40_000);
    assertThat(oneSidedOf(model, 1, IDLE)).isLessThan(READS / 20);
    assertThat(oneSidedOf(model, 1, BUSY)).isGreaterThan(READS - READS / 20);
  }

  @Test
  void everyMeasurementCountsButNoneDecidesAlone() {
    ReadCostModel model = measured(10_000, 20_000);
    model.measured(Route.ONE_SIDED, 100_000);
    assertThat(model.oneSidedNanos()).isBetween(10_001L, 20_000L);
  }

  /** Two microseconds, but for now and then a thread that lost its processor in the middle. */
  @Test
  void interruptionsDoNotTurnTheChoiceAndALastingChangeDoes() {
    ReadCostModel model = measured(2_000, 200_000);
    for (int i = 0; i < 10_000; i++) {
      model.measured(Route.ONE_SIDED, i % 20 == 0 ? 4_000_000 : 2_000);
      assertThat(model.oneSidedNanos()).isLessThan(10_000);
    }
    for (int i = 0; i < 20; i++) {
      model.measured(Route.ONE_SIDED, 4_000_000);
    }
    assertThat(model.oneSidedNanos()).isGreaterThan(200_000);
  }

  @Test
  void aBadFirstMeasurementIsSoonForgotten() {
    ReadCostModel model = new ReadCostModel();
    model.measured(Route.ONE_SIDED, 5_000_000);
    for (int i = 0; i < 40; i++) {
      model.measured(Route.ONE_SIDED, 1_000);
    }
    assertThat(model.oneSidedNanos()).isLessThan(1_100);
  }
}
