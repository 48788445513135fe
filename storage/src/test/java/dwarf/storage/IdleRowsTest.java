package dwarf.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Iterators change hands between walks, the sweeper and nobody; each has one owner at a time. */
class IdleRowsTest {

  private static final int WALKERS = 4;
  private static final int WALKS = 100_000;
  private static final int FAMILIES = 3;

  private final IdleRows idle = new IdleRows();
  private final Set<StoreRows> used = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger freed = new AtomicInteger();
  private final AtomicBoolean walking = new AtomicBoolean(true);

  @Test
  void eachHasOneOwnerAndNoneIsLost() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> walkers = new ArrayList<>();
      for (int i = 0; i < WALKERS; i++) {
        walkers.add(threads.submit(this::walk));
      }
      Future<?> sweeper = threads.submit(this::sweep);
      try {
        for (Future<?> walker : walkers) {
          walker.get();
        }
      } finally {
        walking.set(false);
      }
      sweeper.get();
    }
    assertThat(opened.get()).as("some are used again").isLessThan(WALKERS * WALKS);
    idle.clear(this::free);
    assertThat(freed.get()).isEqualTo(opened.get());
  }

  @Test
  void onlyThoseOfTheFamilyAreGiven() {
    StoreRows rows = new StoreRows(1, null, null, List.of());
    assertThat(idle.give(rows)).isTrue();
    assertThat(idle.take(2)).isNull();
    assertThat(idle.take(1)).isSameAs(rows);
    assertThat(idle.take(1)).isNull();
  }

  @Test
  void whatIsUsedDoesNotAge() {
    StoreRows rows = new StoreRows(1, null, null, List.of());
    assertThat(idle.give(rows)).isTrue();
    for (int round = 0; round < 3; round++) {
      idle.age(this::free);
      assertThat(idle.give(idle.take(1))).isTrue();
    }
    idle.age(this::free);
    assertThat(freed.get()).isZero();
    idle.age(this::free);
    assertThat(freed.get()).isEqualTo(1);
    assertThat(idle.take(1)).isNull();
  }

  private void walk() {
    for (int i = 0; i < WALKS; i++) {
      int family = ThreadLocalRandom.current().nextInt(FAMILIES);
      StoreRows rows = idle.take(family);
      if (rows == null) {
        rows = new StoreRows(family, null, null, List.of());
        opened.incrementAndGet();
      }
      assertThat(rows.family()).isEqualTo(family);
      assertThat(used.add(rows)).as("owned by nobody else").isTrue();
      used.remove(rows);
      if (!idle.give(rows)) {
        free(rows);
      }
    }
  }

  private void sweep() {
    while (walking.get()) {
      idle.age(this::free);
    }
  }

  private void free(StoreRows rows) {
    assertThat(used.contains(rows)).as("in use").isFalse();
    freed.incrementAndGet();
  }
}
