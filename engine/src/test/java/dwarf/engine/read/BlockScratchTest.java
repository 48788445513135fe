package dwarf.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.memtable.BlockSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockScratchTest {

  private final List<Object> arrays = new ArrayList<>();
  private final ReadCostModel costs = new ReadCostModel();
  private boolean isGone;
  private final BlockSource blocks = BlockScratch.ofThisThread().over(this::fill, costs);

  @Test
  void readsIntoTheSameMemoryAgain() {
    assertThat(blocks.read(7, 4000).byteSize()).isEqualTo(4000);
    MemorySegment block = blocks.read(8, 4100);
    assertThat(block.byteSize()).isEqualTo(4100);
    assertThat(block.toArray(ValueLayout.JAVA_BYTE)).containsOnly(8);
    assertThat(arrays).hasSize(2).containsOnly(arrays.getFirst());
  }

  @Test
  void memoryOfAFailedReadIsLeftToIt() {
    blocks.read(0, 4000);
    isGone = true;
    assertThatThrownBy(() -> blocks.read(1, 4000)).isInstanceOf(DwarfException.class);
    isGone = false;
    blocks.read(2, 4000);
    assertThat(arrays.get(1)).isSameAs(arrays.get(0)).isNotSameAs(arrays.get(2));
  }

  @Test
  void longBlocksAreNotKept() {
    blocks.read(1, 4000);
    blocks.read(2, 1 << 20);
    blocks.read(3, 4000);
    assertThat(arrays.get(2)).isNotSameAs(arrays.get(1)).isSameAs(arrays.get(0));
  }

  @Test
  void anEarlierBlockIsNotTakenForOneThatNobodyWrote() {
    BlockScratch.Filler idle = (at, target) -> {};
    byte[] before = blocks.read(7, 4000).toArray(ValueLayout.JAVA_BYTE);
    byte[] after =
        BlockScratch.ofThisThread().over(idle, costs).read(7, 4000).toArray(ValueLayout.JAVA_BYTE);
    assertThat(after).startsWith(Arrays.copyOf(before, 3999)).isNotEqualTo(before);
  }

  @Test
  void someReadsAreMeasuredFromTheFirstOn() {
    blocks.read(1, 4000);
    assertThat(costs.oneSidedNanos()).isPositive();
  }

  private void fill(long at, MemorySegment target) {
    arrays.add(target.heapBase().orElseThrow());
    if (isGone) {
      throw DwarfException.unavailable("the node is gone");
    }
    target.fill((byte) at);
  }
}
