package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentAllocatorTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final int PAGE = ExtentAllocator.PAGE;

  @Test
  void bestFitTakesTheSmallestRangeThatIsLongEnough() {
    ExtentAllocator extents = new ExtentAllocator(100L * PAGE);
    long big = extents.allocate(10 * PAGE);
    extents.allocate(1);
    long small = extents.allocate(3 * PAGE);
    extents.allocate(1);
    extents.release(big);
    extents.release(small);
    assertThat(extents.allocate(2 * PAGE)).isEqualTo(small);
    assertThat(extents.allocate(4 * PAGE)).isEqualTo(big);
    extents.verify();
  }

  @Test
  void neighboursBecomeOneWhicheverIsFreedFirst() {
    ExtentAllocator extents = new ExtentAllocator(3L * PAGE);
    for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {0, 2, 1}, {1, 0, 2}}) {
      long[] offsets = {extents.allocate(PAGE), extents.allocate(PAGE), extents.allocate(PAGE)};
      assertThat(extents.allocate(1)).isEqualTo(-1);
      for (int which : order) {
        extents.release(offsets[which]);
        extents.verify();
      }
      assertThat(extents.largestFree()).isEqualTo(3L * PAGE);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedAndWhatWasNotAllocatedIsABug() {
    ExtentAllocator extents = new ExtentAllocator(4L * PAGE);
    assertThat(extents.allocate(4L * PAGE + 1)).isEqualTo(-1);
    assertThat(extents.allocate(Long.MAX_VALUE)).isEqualTo(-1);
    long all = extents.allocate(4L * PAGE);
    assertThat(all).isZero();
    extents.release(all);
    assertThatThrownBy(() -> extents.release(all)).isInstanceOf(DwarfException.class);
    assertThatThrownBy(() -> new ExtentAllocator(PAGE + 1)).isInstanceOf(DwarfException.class);
  }

  @Test
  void agreesWithABitmapOfPages() {
    int pages = 512;
    Random random = new Random(SEED);
    ExtentAllocator extents = new ExtentAllocator((long) pages * PAGE);
    BitSet taken = new BitSet(pages);
    Map<Long, Integer> live = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      if (live.isEmpty() || random.nextInt(100) < 55) {
        int wanted = 1 + random.nextInt(random.nextInt(10) == 0 ? 128 : 16);
        long offset = extents.allocate((long) wanted * PAGE - random.nextInt(PAGE));
        if (offset < 0) {
          assertThat(longestRun(taken, pages)).as("seed %d", SEED).isLessThan(wanted);
          continue;
        }
        int first = (int) (offset / PAGE);
        assertThat(taken.get(first, first + wanted).isEmpty()).as("seed %d", SEED).isTrue();
        taken.set(first, first + wanted);
        live.put(offset, wanted);
      } else {
        List<Long> offsets = new ArrayList<>(live.keySet());
        long offset = offsets.get(random.nextInt(offsets.size()));
        int first = (int) (offset / PAGE);
        taken.clear(first, first + live.remove(offset));
        extents.release(offset);
      }
      assertThat(extents.used()).isEqualTo((long) taken.cardinality() * PAGE);
      if (step % 64 == 0) {
        extents.verify();
        assertThat(extents.largestFree()).isEqualTo((long) longestRun(taken, pages) * PAGE);
      }
    }
  }

  private static int longestRun(BitSet taken, int pages) {
    int longest = 0;
    int at = 0;
    while (at < pages) {
      int from = taken.nextClearBit(at);
      int next = taken.nextSetBit(from);
      int to = next < 0 ? pages : next;
      longest = Math.max(longest, to - Math.min(from, pages));
      at = to + 1;
    }
    return longest;
  }
}
