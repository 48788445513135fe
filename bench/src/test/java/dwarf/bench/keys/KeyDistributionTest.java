package dwarf.bench.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDistributionTest {

  private static final int KEYS = 1000;
  private static final int DRAWS = 200_000;

  @Test
  void uniformChoosesAllKeysAlike() {
    long[] counts = draw(KeyDistribution.UNIFORM);
    for (long count : counts) {
      assertThat(count).isBetween(100L, 320L);
    }
  }

  /** P(rank r) = (1 / r^0.99) / H, with H the sum of that over all ranks. */
  @Test
  void zipfianIsAsSkewedAsItSays() {
    Zipf zipf = new Zipf(KEYS, 0.99);
    SplittableRandom random = new SplittableRandom(1);
    long[] counts = new long[KEYS];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) zipf.next(random)]++;
    }
    double sum = 0;
    for (int rank = 1; rank <= KEYS; rank++) {
      sum += Math.pow(rank, -0.99);
    }
    for (int rank : new int[] {1, 2, 3, 10, 100}) {
      double expected = DRAWS * Math.pow(rank, -0.99) / sum;
      assertThat((double) counts[rank - 1])
          .as("rank " + rank)
          .isBetween(expected - 5 * Math.sqrt(expected), expected + 5 * Math.sqrt(expected));
    }
  }

  @Test
  void zipfianSpreadsItsFrequentKeys() {
    long[] counts = draw(KeyDistribution.ZIPFIAN);
    int most = 0;
    for (int i = 0; i < KEYS; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    assertThat(counts[most]).isGreaterThan(DRAWS / 10);
    assertThat(counts[(most + 1) % KEYS]).isLessThan(counts[most] / 10);
  }

  @Test
  void latestChoosesTheHighestIndexesMost() {
    long[] counts = draw(KeyDistribution.LATEST);
    long half = 0;
    for (int i = KEYS - 30; i < KEYS; i++) {
      half += counts[i];
    }
    assertThat(half).isGreaterThan(DRAWS / 2);
    assertThat(counts[KEYS - 1]).isGreaterThan(counts[KEYS - 5]);
  }

  @Test
  void sequentialThreadsTogetherCoverTheKeys() {
    BitSet seen = new BitSet();
    for (int thread = 0; thread < 3; thread++) {
      KeySequence sequence =
          KeyDistribution.SEQUENTIAL.sequence(90, thread, 3, new SplittableRandom(0));
      for (int i = 0; i < 30; i++) {
        seen.set((int) sequence.next());
      }
    }
    assertThat(seen.cardinality()).isEqualTo(90);
    KeySequence around = KeySequence.ascending(88, 90);
    assertThat(new long[] {around.next(), around.next(), around.next()}).containsExactly(88, 89, 0);
  }

  @ParameterizedTest
  @EnumSource(KeyDistribution.class)
  void staysWithinTheKeysAndFollowsTheSeed(KeyDistribution distribution) {
    for (long keys : new long[] {1, 2, 3, 17}) {
      KeySequence one = distribution.sequence(keys, 0, 1, new SplittableRandom(5));
      KeySequence same = distribution.sequence(keys, 0, 1, new SplittableRandom(5));
      for (int i = 0; i < 1000; i++) {
        long index = one.next();
        assertThat(index).isBetween(0L, keys - 1);
        assertThat(same.next()).isEqualTo(index);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 10, 1000, 4096, 99_991})
  void scatterMeetsEveryPlaceOnce(long n) {
    Scatter scatter = new Scatter(n);
    BitSet seen = new BitSet();
    for (long rank = 0; rank < n; rank++) {
      seen.set((int) scatter.place(rank));
    }
    assertThat(seen.cardinality()).isEqualTo((int) n);
    assertThat(seen.length()).isEqualTo((int) n);
  }

  private static long[] draw(KeyDistribution distribution) {
    KeySequence sequence = distribution.sequence(KEYS, 0, 1, new SplittableRandom(1));
    long[] counts = new long[KEYS];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) sequence.next()]++;
    }
    return counts;
  }
}
