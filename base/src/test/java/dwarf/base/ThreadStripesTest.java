package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ThreadStripesTest {

  private static final int THREADS = 8;

  @Test
  void threadsStartedInARowGetRowsOfTheirOwn() throws Exception {
    ThreadStripes stripes = ThreadStripes.of(4 * THREADS);
    List<FutureTask<Integer>> rows = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      FutureTask<Integer> row = new FutureTask<>(stripes::ofThread);
      Thread.ofPlatform().start(row);
      rows.add(row);
    }
    Set<Integer> seen = new HashSet<>();
    for (FutureTask<Integer> row : rows) {
      assertThat(row.get()).isBetween(0, stripes.count() - 1);
      seen.add(row.get());
    }
    assertThat(seen).hasSizeGreaterThan(THREADS / 2);
  }

  @Test
  void aThreadKeepsItsRow() {
    ThreadStripes stripes = ThreadStripes.forProcessors();
    assertThat(stripes.ofThread()).isEqualTo(stripes.ofThread());
    assertThat(Integer.bitCount(stripes.count())).isOne();
  }
}
