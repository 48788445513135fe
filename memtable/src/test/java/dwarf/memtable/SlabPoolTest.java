package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlabPoolTest {

  private static final int SLAB = 16 << 10;

  @Test
  void chargesWholeSlabsUpToItsCapacityAndNoFurther() {
    try (SlabPool pool = new SlabPool(4 * SLAB, SLAB)) {
      Extent a = pool.reserve(100 * SLAB);
      assertThat(pool.used()).isZero();
      assertThat(pool.charge(a, 1)).isTrue();
      assertThat(pool.used()).isEqualTo(SLAB);
      assertThat(pool.charge(a, SLAB)).isTrue();
      assertThat(pool.used()).isEqualTo(SLAB);
      assertThat(pool.charge(a, SLAB + 1)).isTrue();
      assertThat(pool.used()).isEqualTo(2 * SLAB);
      assertThat(pool.charge(a, 4 * SLAB + 1)).isFalse();
      assertThat(pool.used()).isEqualTo(2 * SLAB);
      assertThat(pool.allocate(2 * SLAB + 1)).isNull();
      Extent b = pool.allocate(2 * SLAB);
      assertThat(pool.charge(a, 2 * SLAB + 1)).isFalse();
      pool.release(b);
      assertThat(pool.charge(a, 4 * SLAB)).isTrue();
      assertThat(pool.used()).isEqualTo(pool.capacity());
      pool.release(a);
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void anExtentSmallerThanASlabIsChargedForWhatItIs() {
    try (SlabPool pool = new SlabPool(4 * SLAB, SLAB)) {
      Extent extent = pool.reserve(NativeMemory.PAGE_BYTES + 1);
      assertThat(pool.charge(extent, 1)).isTrue();
      assertThat(pool.used()).isEqualTo(2 * NativeMemory.PAGE_BYTES);
      pool.release(extent);
    }
  }

  @Test
  void releasedMemoryStaysForReuseUntilItIsTrimmed() {
    try (SlabPool pool = new SlabPool(8 * SLAB, SLAB)) {
      Extent first = pool.reserve(4 * SLAB);
      assertThat(pool.charge(first, 3 * SLAB)).isTrue();
      pool.release(first);
      assertThat(pool.used()).isZero();
      assertThat(pool.resident()).isEqualTo(3 * SLAB);
      Extent again = pool.reserve(2 * SLAB);
      assertThat(again).isSameAs(first);
      assertThat(pool.charge(again, SLAB)).isTrue();
      assertThat(pool.used()).isEqualTo(SLAB);
      assertThat(pool.resident()).isEqualTo(3 * SLAB);
      again.memory.set(ValueLayout.JAVA_LONG, 0, 42);
      again.memory.set(ValueLayout.JAVA_LONG, 2 * SLAB, 42);
      pool.trim();
      assertThat(pool.resident()).isEqualTo(SLAB);
      assertThat(again.memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
      assertThat(again.memory.get(ValueLayout.JAVA_LONG, 2 * SLAB)).isZero();
      pool.release(again);
      pool.trim();
      assertThat(pool.resident()).isZero();
      assertThatThrownBy(() -> again.memory.get(ValueLayout.JAVA_LONG, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void idleMemoryGivesWayToWhatIsNeeded() {
    try (SlabPool pool = new SlabPool(4 * SLAB, SLAB)) {
      Extent small = pool.reserve(2 * SLAB);
      Extent large = pool.reserve(4 * SLAB);
      assertThat(pool.charge(small, 2 * SLAB)).isTrue();
      pool.release(small);
      assertThat(pool.resident()).isEqualTo(2 * SLAB);
      assertThat(pool.charge(large, 3 * SLAB)).isTrue();
      assertThat(pool.resident()).isEqualTo(3 * SLAB);
      pool.release(large);
      Extent index = pool.allocate(2 * SLAB);
      assertThat(index.memory.get(ValueLayout.JAVA_LONG, 0)).isZero();
      assertThat(pool.resident()).isLessThanOrEqualTo(pool.capacity());
      pool.release(index);
    }
  }

  @Test
  void oneOversizeExtentAtATimeGoesBeyondTheCapacity() {
    try (SlabPool pool = new SlabPool(2 * SLAB, SLAB)) {
      Extent other = pool.reserve(2 * SLAB);
      assertThat(pool.charge(other, SLAB)).isTrue();
      Extent huge = pool.reserve(10 * SLAB);
      assertThat(pool.charge(huge, 10 * SLAB)).isFalse();
      assertThat(pool.chargeOversize(huge)).isTrue();
      assertThat(pool.used()).isEqualTo(11 * SLAB);
      assertThat(pool.available()).as("so that somebody makes room for the next").isZero();
      Extent second = pool.reserve(10 * SLAB);
      assertThat(pool.chargeOversize(second)).isFalse();
      assertThat(pool.charge(other, 2 * SLAB)).as("others go on").isTrue();
      pool.release(huge);
      assertThat(pool.used()).isEqualTo(2 * SLAB);
      assertThat(pool.resident()).isEqualTo(2 * SLAB);
      assertThat(pool.chargeOversize(second)).isTrue();
      pool.release(second);
      pool.release(other);
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void whatWasLetGoDoesNotCountHoweverLongItIsHeld() {
    try (SlabPool pool = new SlabPool(4 * SLAB, SLAB)) {
      List<Extent> pinned = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        Extent log = pool.reserve(4 * SLAB);
        assertThat(pool.charge(log, 3 * SLAB)).isTrue();
        Extent index = pool.allocate(SLAB);
        Extent huge = pool.reserve(10 * SLAB);
        assertThat(pool.chargeOversize(huge)).isTrue();
        log.memory.set(ValueLayout.JAVA_LONG, 0, i);
        for (Extent extent : List.of(log, index, huge)) {
          pool.letGo(extent);
          pool.letGo(extent);
          pinned.add(extent);
        }
        assertThat(pool.available()).isEqualTo(pool.capacity());
      }
      assertThat(pool.pinned()).isEqualTo(5 * 14 * SLAB);
      assertThat(pool.used()).isEqualTo(pool.pinned());
      for (int i = 0; i < 5; i++) {
        MemorySegment log = pinned.get(3 * i).memory;
        assertThat(log.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(i);
      }
      pinned.forEach(pool::release);
      assertThat(pool.used()).isZero();
      assertThat(pool.resident()).as("it goes back to the system").isZero();
    }
  }

  @Test
  void sizesAreChecked() {
    assertThatThrownBy(() -> new SlabPool(1 << 20, 1000))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INVALID_ARGUMENT));
    assertThatThrownBy(() -> new SlabPool(SLAB - 1, SLAB)).hasMessageContaining("at least one");
  }

  @Test
  void aClosedPoolTakesBackButGivesNothing() {
    SlabPool pool = new SlabPool(8 * SLAB, SLAB);
    Extent held = pool.reserve(SLAB);
    assertThat(pool.charge(held, SLAB)).isTrue();
    pool.close();
    assertThatThrownBy(() -> pool.reserve(SLAB)).hasMessageContaining("closed");
    held.memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    pool.release(held);
    assertThat(pool.resident()).isZero();
  }

  @Test
  void neverExceedsItsCapacityUnderConcurrentUse() {
    Random seeds = Seeds.random("neverExceedsItsCapacityUnderConcurrentUse");
    try (SlabPool pool = new SlabPool(32 * SLAB, SLAB)) {
      List<Threads.Task> tasks = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        long seed = seeds.nextLong();
        tasks.add(() -> useAtRandom(pool, new Random(seed), (byte) seed));
      }
      Threads.together(tasks);
      assertThat(pool.used()).isZero();
      pool.trim();
      assertThat(pool.resident()).isZero();
    }
  }

  private static void useAtRandom(SlabPool pool, Random random, byte mark) {
    for (int i = 0; i < 400; i++) {
      Extent extent = pool.reserve((1L + random.nextInt(20)) * SLAB);
      for (int bytes = SLAB; bytes <= extent.memory.byteSize(); bytes += SLAB) {
        if (!pool.charge(extent, bytes)) {
          break;
        }
        MemorySegment slab = extent.memory.asSlice(bytes - SLAB, SLAB);
        slab.fill(mark);
        assertThat(pool.resident()).isLessThanOrEqualTo(pool.capacity());
        if (random.nextInt(20) == 0) {
          pool.trim();
        }
        assertThat(slab.get(ValueLayout.JAVA_BYTE, random.nextInt(SLAB))).isEqualTo(mark);
      }
      pool.release(extent);
    }
  }
}
