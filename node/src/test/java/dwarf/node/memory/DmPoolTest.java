package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Fabric;
import dwarf.fabric.Fabrics;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class DmPoolTest {

  private static final long MEGABYTE = 1 << 20;

  /** P4, with a pool larger than any machine's memory. */
  @Test
  void whatTheMachineHasNotIsRefusedAndTheRestIsLent() {
    long capacity = 1L << 43;
    try (Fabric fabric = Fabrics.open("shm");
        DmPool pool = new DmPool(fabric, capacity, MEGABYTE)) {
      assertThat(pool.allocate(capacity / 2)).isNull();
      assertThat(pool.used()).isZero();
      assertThat(pool.largestFree()).isEqualTo(capacity);
      DmPool.Block block = pool.allocate(MEGABYTE);
      assertThat(block.memory().byteSize()).isEqualTo(MEGABYTE);
      block.memory().fill((byte) 1);
      pool.release(block);
      DmPool.Block again = pool.allocate(MEGABYTE);
      assertThat(again.offset()).isEqualTo(block.offset());
      assertThat(again.memory().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }
}
