package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class PoolMemoryTest {

  private static final int PAGE = ExtentAllocator.PAGE;

  @Test
  void reservingTakesNoMemoryAndDiscardedPagesAreZero() {
    long size = 256L << 30;
    try (PoolMemory pool = PoolMemory.reserve(size)) {
      MemorySegment last = pool.memory().asSlice(size - 2 * PAGE, 2 * PAGE);
      assertThat(last.get(ValueLayout.JAVA_LONG, 0)).isZero();
      last.fill((byte) 7);
      pool.discard(size - PAGE, PAGE);
      assertThat(last.get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 7);
      assertThat(last.asSlice(PAGE).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void useAfterCloseThrows() {
    PoolMemory pool = PoolMemory.reserve(PAGE);
    MemorySegment memory = pool.memory();
    pool.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void impossibleSizeIsRefused() {
    NodeHarness.assertKind(Kind.NO_SPACE, () -> PoolMemory.reserve(1L << 60));
  }
}
