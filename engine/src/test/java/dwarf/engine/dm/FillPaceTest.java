package dwarf.engine.dm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FillPaceTest {

  private static final long BYTES = 16 << 20;

  @Test
  void aQuarterMayBeFilledBeforeAnythingHasArrived() {
    assertThat(FillPace.limit(BYTES, 0)).isEqualTo(BYTES / 4);
  }

  @Test
  void theLastBytesAreFilledWhenTheLastShardArrivesAndNotBefore() {
    assertThat(FillPace.limit(BYTES, 1)).isEqualTo(BYTES);
    assertThat(FillPace.limit(BYTES, 0.75)).isLessThan(BYTES * 7 / 8);
  }

  @Test
  void eachShardThatArrivesAllowsAsMuch() {
    int shards = 8;
    long step = FillPace.limit(BYTES, 1.0 / shards) - FillPace.limit(BYTES, 0);
    for (int arrived = 1; arrived < shards; arrived++) {
      long more =
          FillPace.limit(BYTES, (arrived + 1.0) / shards)
              - FillPace.limit(BYTES, (double) arrived / shards);
      assertThat(more).isEqualTo(step).isPositive();
    }
  }
}
