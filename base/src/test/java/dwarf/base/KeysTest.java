package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
  void orderIsTheSameOfLongKeysOfAnyMemoryAtAnyOffset() {
    Random random = new Random(43);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment outside = arena.allocate(310);
      for (int i = 0; i < 20_000; i++) {
        byte[] a = new byte[random.nextInt(301)];
        random.nextBytes(a);
        byte[] b = Arrays.copyOf(a, random.nextInt(4) == 0 ? random.nextInt(301) : a.length);
        if (b.length > 0 && random.nextInt(4) > 0) {
          b[random.nextInt(b.length)] += (byte) random.nextInt(3);
        }
        int offset = random.nextInt(9);
        MemorySegment left = placed(a, MemorySegment.ofArray(new byte[a.length + 9]), offset);
        MemorySegment memory = i % 2 == 0 ? outside : MemorySegment.ofArray(new byte[b.length + 9]);
        MemorySegment right = placed(b, memory, 3);
        int ours = Keys.compare(left, offset, offset + a.length, right, 3, 3 + b.length);
        assertThat(Integer.signum(ours)).isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
      }
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

  private static MemorySegment placed(byte[] key, MemorySegment memory, int offset) {
    memory.fill((byte) 0x55);
    MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, offset, key.length);
    return memory;
  }

  private static byte[] randomKey(Random random) {
    byte[] key = new byte[random.nextInt(6)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(4) * 85);
    }
    return key;
  }
}
