package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BloomFilterTest {

  @Test
  void noKeyIsDeniedAndFewOthersPass() {
    Random random = Seeds.random("noKeyIsDeniedAndFewOthersPass");
    int keys = 20_000;
    BloomFilter filter = filter(keys, 10);
    long base = random.nextLong();
    for (int i = 0; i < keys; i++) {
      filter.add(key(base + i));
    }
    for (int i = 0; i < keys; i++) {
      assertThat(filter.mayContain(key(base + i))).isTrue();
    }
    int passed = 0;
    for (int i = 0; i < keys; i++) {
      passed += filter.mayContain(key(base + keys + i)) ? 1 : 0;
    }
    System.out.println("false positives: " + 100.0 * passed / keys + " %");
    assertThat(passed).isLessThan(keys / 50);
  }

  @Test
  void withoutLinesEverythingPasses() {
    BloomFilter off = filter(100, 0);
    off.add(key(1));
    assertThat(off.mayContain(key(2))).isTrue();
    assertThat(BloomFilter.bytesFor(100, 0)).isZero();
    assertThat(BloomFilter.bytesFor(1, 10)).isEqualTo(64);
    assertThat(BloomFilter.bytesFor(1L << 32, 10)).isEqualTo(10L << 29);
  }

  /** The hash is part of the image format. */
  @Test
  void hashIsPinned() {
    assertThat(BloomFilter.hash(Rec.segment(""))).isEqualTo(0x1ea96e47c761b946L);
    assertThat(BloomFilter.hash(Rec.segment("a"))).isEqualTo(0x99cc72a54c66e1bdL);
    assertThat(BloomFilter.hash(Rec.segment("12345678"))).isEqualTo(0x4a06fc6450145c28L);
    assertThat(BloomFilter.hash(Rec.segment("a key of 24 bytes, so so")))
        .isEqualTo(0x3d3c4f7693cc7022L);
  }

  private static BloomFilter filter(long keys, double bits) {
    byte[] lines = new byte[(int) BloomFilter.bytesFor(keys, bits)];
    return new BloomFilter(MemorySegment.ofArray(lines), BloomFilter.probesFor(bits));
  }

  private static MemorySegment key(long number) {
    return MemorySegment.ofArray(ByteBuffer.allocate(16).putLong(number).putLong(7).array());
  }
}
