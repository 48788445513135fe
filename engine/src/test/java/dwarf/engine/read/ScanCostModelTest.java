package dwarf.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.read.ReadCostModel.Route;
import dwarf.protocol.NodeLoad;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScanCostModelTest {

  private static final NodeLoad IDLE = NodeLoad.UNKNOWN;
  private static final int WALKS = 100 * Exploration.EVERY;

  private final ScanCostModel model = new ScanCostModel();

  @Test
  void bothRoutesAreMeasuredFirst() {
    assertThat(model.choose(3, IDLE)).isEqualTo(Route.DELEGATED);
    model.measured(Route.DELEGATED, 3, 100_000);
    assertThat(model.choose(3, IDLE)).isEqualTo(Route.ONE_SIDED);
  }

  @Test
  void aBlockOfEachMemtableIsWeighedAgainstOneRequest() {
    model.measured(Route.DELEGATED, 1, 100_000);
    model.measured(Route.ONE_SIDED, 2, 20_000);
    assertThat(model.choose(9, IDLE)).isEqualTo(Route.ONE_SIDED);
    assertThat(model.choose(11, IDLE)).isEqualTo(Route.DELEGATED);
  }

  @Test
  void aQueueAtTheMemoryNodeMakesItsHelpDearer() {
    model.measured(Route.DELEGATED, 1, 100_000);
    model.measured(Route.ONE_SIDED, 1, 15_000);
    NodeLoad queued = new NodeLoad(16, 500, 1, 0);
    assertThat(model.choose(10, IDLE)).isEqualTo(Route.DELEGATED);
    assertThat(model.choose(10, queued)).isEqualTo(Route.ONE_SIDED);
  }

  @Test
  void theOtherRouteIsTriedNowAndThenAndADearOneLessOften() {
    model.measured(Route.DELEGATED, 1, 100_000);
    model.measured(Route.ONE_SIDED, 1, 50_000);
    int settling = Exploration.FIRST * Exploration.EVERY;
    assertThat(delegated(1))
        .isEqualTo(Exploration.FIRST + (WALKS - settling) / (2 * Exploration.EVERY));
    assertThat(WALKS - delegated(50)).isEqualTo(WALKS / (25 * Exploration.EVERY));
  }

  private long delegated(int memtables) {
    return IntStream.range(0, WALKS)
        .filter(walk -> model.choose(memtables, IDLE) == Route.DELEGATED)
        .count();
  }
}
