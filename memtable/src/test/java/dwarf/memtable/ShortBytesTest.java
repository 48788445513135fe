package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Runs of all lengths at any offset, between both kinds of memory. */
class ShortBytesTest {

  private static final int BYTES = 400;
  private static final int LONGEST = 300;

  private final Random random = Seeds.random("ShortBytesTest");

  @Test
  void copiesExactlyTheRun() {
    try (Arena arena = Arena.ofConfined()) {
      for (int length = 0; length <= LONGEST; length++) {
        check(heap(), heap(), length);
        check(heap(), arena.allocate(BYTES), length);
        check(arena.allocate(BYTES), heap(), length);
        check(arena.allocate(BYTES), arena.allocate(BYTES), length);
      }
    }
  }

  private void check(MemorySegment from, MemorySegment to, int length) {
    fill(from);
    fill(to);
    int fromAt = random.nextInt(BYTES - length);
    int toAt = random.nextInt(BYTES - length);
    byte[] expected = to.toArray(ValueLayout.JAVA_BYTE);
    byte[] source = from.toArray(ValueLayout.JAVA_BYTE);
    System.arraycopy(source, fromAt, expected, toAt, length);

    ShortBytes.copy(from, fromAt, to, toAt, length);

    assertThat(to.toArray(ValueLayout.JAVA_BYTE))
        .as("%d bytes from %d to %d", length, fromAt, toAt)
        .isEqualTo(expected);
    assertThat(Arrays.equals(from.toArray(ValueLayout.JAVA_BYTE), source)).isTrue();
  }

  private void fill(MemorySegment bytes) {
    byte[] noise = new byte[BYTES];
    random.nextBytes(noise);
    MemorySegment.copy(noise, 0, bytes, ValueLayout.JAVA_BYTE, 0, BYTES);
  }

  private static MemorySegment heap() {
    return MemorySegment.ofArray(new byte[BYTES]);
  }
}
