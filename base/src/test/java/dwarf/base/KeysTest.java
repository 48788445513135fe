package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void orderIsUnsignedBytewiseWithPrefixesFirst() {
    Random random = new Random(42);
    for (int i = 0; i < 10_000; i++) {
      byte[] a = randomKey(random);
      byte[] b = randomKey(random);
      int ours = Keys.compare(MemorySegment.ofArray(a), MemorySegment.ofArray(b));
      assertThat(Integer.signum(ours)).isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    }
  }

  @Test
  void onlyTheMarkerIsTheMarker() {
    assertThat(Keys.isMarker(MemorySegment.ofArray(Keys.markerKey()))).isTrue();
    assertThat(Keys.isMarker(MemorySegment.ofArray(new byte[8]))).isFalse();
    assertThat(Keys.isMarker(MemorySegment.ofArray(new byte[0]))).isFalse();
  }

  @Test
  void checksumIsCastagnoliAndTheSaltMatters() {
    MemorySegment digits =
        MemorySegment.ofArray("123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(Checksums.crc32c(digits)).isEqualTo(0xE3069283);
    assertThat(Checksums.crc32c(7, digits)).isNotEqualTo(Checksums.crc32c(8, digits));
  }

  private static byte[] randomKey(Random random) {
    byte[] key = new byte[random.nextInt(6)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(4) * 85);
    }
    return key;
  }
}
