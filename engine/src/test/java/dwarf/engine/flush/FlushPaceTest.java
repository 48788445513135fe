package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlushPaceTest {

  private static final long SECOND = 1_000_000_000;
  private static final long MB = 1_000_000;

  private final FlushPace pace = new FlushPace(MB);

  @BeforeEach
  void flushTenMegabytesASecond() {
    pace.begin(40 * MB, 0);
    pace.end(true, 4 * SECOND);
  }

  @Test
  void nothingIsHeldBackBeforeAFlushHasEnded() {
    FlushPace fresh = new FlushPace(MB);
    assertThat(fresh.writeRate(0, 0)).isEqualTo(FlushPace.UNLIMITED);
    fresh.begin(MB, 0);
    assertThat(fresh.writeRate(0, SECOND)).isEqualTo(FlushPace.UNLIMITED);
    fresh.end(false, SECOND);
    assertThat(fresh.writeRate(0, SECOND)).isEqualTo(FlushPace.UNLIMITED);
  }

  @Test
  void betweenTwoFlushesWritersAreAsFastAsThose() {
    assertThat(pace.writeRate(0, 4 * SECOND)).isEqualTo(10 * MB);
    assertThat(pace.writeRate(MB, 4 * SECOND + SECOND / 10)).isEqualTo(10 * MB);
  }

  @Test
  void withoutAFlushForAMomentItMayTakeWritersToStartOne() {
    assertThat(pace.writeRate(0, 5 * SECOND)).isEqualTo(FlushPace.UNLIMITED);
  }

  @Test
  void aFlushOfLittleDoesNotCount() {
    for (int i = 0; i < 100; i++) {
      pace.begin(MB - 1, 0);
      assertThat(pace.writeRate(0, 5 * SECOND)).isEqualTo(FlushPace.UNLIMITED);
      pace.end(true, 5 * SECOND);
    }
    pace.begin(40 * MB, 0);
    assertThat(pace.writeRate(40 * MB, 0)).isEqualTo(5 * MB);
  }

  @Test
  void theRoomLastsTwiceAsLongAsTheFlushUnderWayShouldTake() {
    pace.begin(40 * MB, 10 * SECOND);
    assertThat(pace.writeRate(20 * MB, 10 * SECOND)).isEqualTo(2_500_000);
    assertThat(pace.writeRate(14 * MB, 11 * SECOND)).isEqualTo(2 * MB);
    assertThat(pace.writeRate(100 * MB, 13 * SECOND)).isEqualTo(20 * MB);
  }

  @Test
  void aFlushThatTakesLongerIsTakenToBeNearlyDone() {
    pace.begin(40 * MB, 0);
    assertThat(pace.writeRate(5 * MB, 9 * SECOND)).isEqualTo(5 * MB);
    assertThat(pace.writeRate(5 * MB, 90 * SECOND)).isEqualTo(5 * MB);
  }

  @Test
  void writersAreNeverSlowerThanASmallPartOfTheFlushes() {
    pace.begin(40 * MB, 0);
    assertThat(pace.writeRate(0, SECOND)).isEqualTo(10 * MB / 64);
  }

  @Test
  void newerFlushesCountForMoreAndFailedOnesForNothing() {
    pace.begin(40 * MB, 0);
    pace.end(false, SECOND);
    pace.begin(40 * MB, 0);
    assertThat(pace.writeRate(80 * MB, 0)).isEqualTo(10 * MB);
    pace.end(true, 2 * SECOND);
    pace.begin(40 * MB, 0);
    assertThat(pace.writeRate(80 * MB, 0)).isEqualTo(15 * MB);
  }
}
