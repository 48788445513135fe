package dwarf.fabric.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class AnonymousPagesTest {

  private static final int PAGE = Pages.BYTES;

  @Test
  void reservingTakesNoMemoryAndDiscardedPagesAreZero() {
    long size = 256L << 30;
    try (Pages pages = AnonymousPages.reserve(size)) {
      assertThat(pages.memory().byteSize()).isEqualTo(size);
      MemorySegment last = pages.memory().asSlice(size - 2 * PAGE, 2 * PAGE);
      assertThat(last.get(ValueLayout.JAVA_LONG, 0)).isZero();
      last.fill((byte) 7);
      pages.discard(size - PAGE, PAGE);
      assertThat(last.get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 7);
      assertThat(last.asSlice(PAGE).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void largeRangesBeginAtAHugePage() {
    try (Pages pages = AnonymousPages.reserve(64L << 20)) {
      assertThat(pages.memory().address() % (2 << 20)).isZero();
    }
  }

  @Test
  void useAfterCloseThrows() {
    Pages pages = AnonymousPages.reserve(PAGE);
    MemorySegment memory = pages.memory();
    pages.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void impossibleSizeIsRefused() {
    assertThatThrownBy(() -> AnonymousPages.reserve(1L << 60))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SPACE));
  }
}
