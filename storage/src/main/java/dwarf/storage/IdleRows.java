package dwarf.storage;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Iterators of one snapshot that nobody uses at the moment. An idle one keeps files that compaction
 * has replaced from being deleted, so it is closed when it has not been used for a while: by the
 * second {@link #age} that finds it here.
 *
 * <p>Threading: any thread; whoever takes one out of its slot, by one compare-and-set, owns it.
 */
final class IdleRows {

  private static final int SLOTS = 16;

  private final AtomicReferenceArray<StoreRows> slots = new AtomicReferenceArray<>(SLOTS);

  /** One of that family, or null. */
  StoreRows take(int family) {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      StoreRows rows = slots.get(slot);
      if (rows != null && rows.family() == family && slots.compareAndSet(slot, rows, null)) {
        return rows;
      }
    }
    return null;
  }

  /** Keeps it, unless there are enough; returns whether it does. */
  boolean give(StoreRows rows) {
    rows.setAged(false);
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (slots.get(slot) == null && slots.compareAndSet(slot, null, rows)) {
        return true;
      }
    }
    return false;
  }

  /** Gives those up that were here last time already. */
  void age(Consumer<StoreRows> free) {
    for (int slot = 0; slot < SLOTS; slot++) {
      StoreRows rows = slots.get(slot);
      if (rows == null) {
        continue;
      }
      if (!rows.isAged()) {
        rows.setAged(true);
      } else if (slots.compareAndSet(slot, rows, null)) {
        free.accept(rows);
      }
    }
  }

  /** Gives all up. */
  void clear(Consumer<StoreRows> free) {
    for (int slot = 0; slot < SLOTS; slot++) {
      StoreRows rows = slots.getAndSet(slot, null);
      if (rows != null) {
        free.accept(rows);
      }
    }
  }

  private static int start() {
    return (int) Thread.currentThread().threadId();
  }
}
