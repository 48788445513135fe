package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A head that is written as one long has the bytes of its three varints. */
class RecordHeadTest {

  private static final int ROUNDS = 200_000;
  private static final int ROOM = 32;
  private static final int AT = 3;

  @Test
  void aHeadIsItsThreeVarints() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment head = arena.allocate(ROOM);
      MemorySegment varints = arena.allocate(ROOM);
      for (int round = 0; round < ROUNDS; round++) {
        int keyLength = random.nextInt() >>> (11 + random.nextInt(20));
        int valueLength = random.nextInt() >>> (1 + random.nextInt(30));
        long tag = random.nextLong() >>> (2 + random.nextInt(61));
        long end = ImageFormat.putHead(head, AT, keyLength, valueLength, tag);
        long at = ImageFormat.putVarint(varints, AT, keyLength);
        at = ImageFormat.putVarint(varints, at, valueLength);
        at = ImageFormat.putVarint(varints, at, tag);
        assertThat(end).as("seed %d, round %d", seed, round).isEqualTo(at);
        assertThat(head.asSlice(AT, end - AT).mismatch(varints.asSlice(AT, at - AT)))
            .as("seed %d: %d, %d, %d", seed, keyLength, valueLength, tag)
            .isEqualTo(-1);
      }
    }
  }

  /** What is behind the long that a short head is written as stays as it was. */
  @Test
  void aShortHeadTouchesEightBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(ROOM).fill((byte) 0x55);
      assertThat(ImageFormat.putHead(target, 0, 16, 100, 17)).isEqualTo(3);
      assertThat(target.asSlice(Long.BYTES).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x55);
    }
  }
}
