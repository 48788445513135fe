package dwarf.bench.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class KeyCodecTest {

  @Test
  void fixedKeysAreThoseOfDbBench() {
    byte[] key = new FixedKeys(16, 1 << 20).encode(0x12345);
    assertThat(key).containsExactly(0, 0, 0, 0, 0, 1, 0x23, 0x45, 48, 48, 48, 48, 48, 48, 48, 48);
    assertThat(new FixedKeys(16, 1 << 20).missing(5)).hasSize(17).endsWith(48);
    assertThat(new FixedKeys(3, 1 << 24).encode(0x010203)).containsExactly(1, 2, 3);
  }

  @Test
  void fixedKeysSortLikeTheirIndexes() {
    FixedKeys keys = new FixedKeys(10, 100_000);
    for (int i = 1; i < 100_000; i += 97) {
      assertThat(Arrays.compareUnsigned(keys.encode(i - 1), keys.encode(i))).isNegative();
    }
  }

  @Test
  void keysTooShortForTheirNumberAreRefused() {
    assertThatThrownBy(() -> new FixedKeys(2, 65_537)).hasMessageContaining("key_size");
    assertThat(new FixedKeys(2, 65_536).encode(65_535)).containsExactly(-1, -1);
  }

  @Test
  void textKeysDifferInLengthAndNeverCollide() {
    TextKeys keys = new TextKeys();
    Set<String> seen = new HashSet<>();
    int count = 50_000;
    for (long i = 0; i < count; i++) {
      seen.add(new String(keys.encode(i), US_ASCII));
      assertThat(keys.encode(i)).isEqualTo(keys.encode(i));
    }
    assertThat(seen).hasSize(count);
    assertThat(seen).doesNotContain(new String(keys.missing(3), US_ASCII));
    IntSummaryStatistics lengths =
        IntStream.range(0, count).map(i -> keys.encode(i).length).summaryStatistics();
    assertThat(lengths.getMin()).isLessThan(9);
    assertThat(lengths.getMax()).isGreaterThan(55);
    assertThat(lengths.getAverage()).isBetween(20.0, 40.0);
  }

  @Test
  void valuesCompressAsAsked() {
    Values values = new Values(1000, 0.5);
    Values.Source source = values.source(new SplittableRandom(3));
    byte[] many = new byte[200_000];
    for (int at = 0; at < many.length; at += 1000) {
      System.arraycopy(source.next(), 0, many, at, 1000);
    }
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(many);
      deflater.finish();
      double ratio = deflater.deflate(new byte[many.length]) / (double) many.length;
      assertThat(ratio).isBetween(0.35, 0.6);
    }
    assertThat(new Values(0, 0.5).source(new SplittableRandom(3)).next()).isEmpty();
  }
}
