package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Cursor;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/**
 * Writers in groups and readers at all times. Sequence s writes key s mod keys, with s as its
 * value, so that a reader knows exactly what it has to find at any sequence number.
 */
class MemTableConcurrencyTest {

  private static final int WRITERS = 2;
  private static final ValueLayout.OfLong BIG_ENDIAN =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Random seeds = Seeds.random("MemTableConcurrencyTest");
  private final SlabPool pool = new SlabPool(128 << 20, 256 << 10);
  private final MemTable table = new MemTable(pool, 64 << 20, 1);
  private volatile long visible;
  private volatile boolean done;
  private long groupFrom;
  private long groupTo;

  @Test
  void hotKeys() {
    run(7, 60_000);
  }

  @Test
  void manyKeysAndAGrowingIndex() {
    run(50_000, 200_000);
  }

  private void run(long keys, long records) {
    List<Threads.Task> tasks = new ArrayList<>();
    CyclicBarrier groupReady = new CyclicBarrier(WRITERS);
    CyclicBarrier groupAdded = new CyclicBarrier(WRITERS);
    for (int writer = 0; writer < WRITERS; writer++) {
      int me = writer;
      long seed = seeds.nextLong();
      tasks.add(
          () -> {
            try {
              write(me, keys, records, new Random(seed), groupReady, groupAdded);
            } finally {
              done = true;
            }
          });
    }
    long getSeed = seeds.nextLong();
    tasks.add(() -> get(keys, new Random(getSeed)));
    tasks.add(() -> walk(keys));
    Threads.together(tasks);
    assertThat(table.entryCount()).isEqualTo((int) records);
    table.release();
    pool.close();
    assertThat(pool.resident()).isZero();
  }

  /**
   * Writer 0 leads; each adds every WRITERS-th record of a group, sometimes the last ones first.
   */
  private void write(
      int me, long keys, long records, Random random, CyclicBarrier ready, CyclicBarrier added)
      throws InterruptedException, BrokenBarrierException {
    long next = 1;
    while (next <= records) {
      if (me == 0) {
        groupFrom = next;
        groupTo = Math.min(records + 1, next + 1 + random.nextInt(300));
        int count = (int) (groupTo - groupFrom);
        assertThat(table.prepare(count * MemTable.recordBytes(8, 8), count)).isTrue();
      }
      int unused = ready.await();
      next = groupTo;
      long[] mine = mine(me, random.nextBoolean());
      for (long sequence : mine) {
        table.add(sequence, RecordType.PUT, number(sequence % keys), number(sequence));
      }
      unused = added.await();
      if (me == 0) {
        table.publish();
        visible = next - 1;
      }
    }
  }

  private long[] mine(int me, boolean backwards) {
    int count = (int) ((groupTo - groupFrom - me + WRITERS - 1) / WRITERS);
    long[] mine = new long[count];
    for (int i = 0; i < count; i++) {
      mine[backwards ? count - 1 - i : i] = groupFrom + me + (long) i * WRITERS;
    }
    return mine;
  }

  private void get(long keys, Random random) {
    Lookup out = new Lookup();
    while (!done) {
      long newest = visible;
      long sequence = random.nextBoolean() ? newest : random.nextLong(newest + 1);
      long key = random.nextLong(keys);
      long expected = sequence - Math.floorMod(sequence - key, keys);
      boolean found = table.get(number(key), sequence, out);
      assertThat(found).isEqualTo(expected > 0);
      if (found) {
        assertThat(out.sequence()).isEqualTo(expected);
        assertThat(out.value().get(BIG_ENDIAN, 0)).isEqualTo(expected);
      }
    }
  }

  private void walk(long keys) {
    boolean backwards = false;
    while (!done) {
      long newest = visible;
      long seen = 0;
      long previousKey = -1;
      long previousSequence = 0;
      try (Cursor cursor = table.cursor()) {
        if (backwards) {
          cursor.seekToLast();
        } else {
          cursor.seekToFirst();
        }
        while (cursor.isValid()) {
          long key = cursor.key().get(BIG_ENDIAN, 0);
          long sequence = cursor.sequence();
          assertThat(key).isEqualTo(sequence % keys);
          if (previousKey >= 0) {
            boolean inOrder =
                key > previousKey || (key == previousKey && sequence < previousSequence);
            assertThat(inOrder).isEqualTo(!backwards);
          }
          previousKey = key;
          previousSequence = sequence;
          seen += sequence <= newest ? 1 : 0;
          if (backwards) {
            cursor.prev();
          } else {
            cursor.next();
          }
        }
      }
      assertThat(seen).isEqualTo(newest);
      backwards = !backwards;
    }
  }

  private static MemorySegment number(long number) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
    bytes.set(BIG_ENDIAN, 0, number);
    return bytes;
  }
}
