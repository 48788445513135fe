package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Index and version chains under concurrent insertion, small enough that threads meet all the time.
 *
 * <p>By hand because model checkers do not help here: Lincheck 3.4 reads class files of JDK 25 only
 * with a newer ASM forced upon it, and then does not switch threads at accesses to memory segments
 * (it missed in minutes what {@link #aVersionInsertedMeanwhileIsNotMistakenForAVisibleOne} shows at
 * once).
 */
class HashIndexConcurrencyTest {

  /** Two keys in three slots: clusters, wrap-around and races for one free slot. */
  private static final int SLOTS = 3;

  private final RecordLog log = new RecordLog(MemorySegment.ofArray(new long[100_000]));
  private final AtomicInteger tail = new AtomicInteger(RecordLog.FIRST_UNIT);
  private HashIndex index = emptyIndex();

  @Test
  void aVersionInsertedMeanwhileIsNotMistakenForAVisibleOne() {
    for (int round = 0; round < 10; round++) {
      startOver();
      int newest = 2000;
      insert(1, 1);
      insert(1, newest);
      Threads.Task writer =
          () -> {
            for (int sequence = newest - 1; sequence > 1; sequence--) {
              insert(1, sequence);
            }
          };
      Threads.Task reader =
          () -> {
            for (int i = 0; i < 10_000; i++) {
              assertThat(find(1, 1)).isEqualTo(1);
            }
          };
      Threads.together(List.of(writer, reader));
      assertChain(1, newest);
    }
  }

  @Test
  void racingWritersLeaveEveryVersionInOrder() {
    Random random = Seeds.random("racingWritersLeaveEveryVersionInOrder");
    for (int round = 0; round < 600; round++) {
      startOver();
      int versions = 1 + random.nextInt(24);
      List<Threads.Task> tasks = new ArrayList<>();
      for (List<int[]> part : parts(versions, 3, random)) {
        tasks.add(() -> part.forEach(insert -> insert(insert[0], insert[1])));
      }
      int key = 1 + random.nextInt(2);
      int sequence = random.nextInt(versions + 2);
      tasks.add(() -> watch(key, sequence, 200));
      Threads.together(tasks);
      assertChain(1, versions);
      assertChain(2, versions);
    }
  }

  /** What a reader sees at one sequence number is never newer than that, and never goes back. */
  private void watch(int key, int sequence, int times) {
    long seen = 0;
    for (int i = 0; i < times; i++) {
      long now = find(key, sequence);
      assertThat(now).isBetween(seen, (long) sequence);
      seen = now;
    }
  }

  private void assertChain(int key, int versions) {
    for (int sequence = 0; sequence <= versions + 1; sequence++) {
      assertThat(find(key, sequence)).isEqualTo(Math.min(sequence, versions));
    }
    int unit = index.find(bytes(key), versions);
    for (int sequence = versions; sequence > 0; sequence--) {
      assertThat(log.sequence(unit)).isEqualTo(sequence);
      unit = log.next(unit);
    }
    assertThat(unit).isEqualTo(RecordLog.NIL);
  }

  /** Versions 1 to n of both keys, shuffled and dealt out. */
  private static List<List<int[]>> parts(int versions, int count, Random random) {
    List<int[]> all = new ArrayList<>();
    for (int sequence = 1; sequence <= versions; sequence++) {
      all.add(new int[] {1, sequence});
      all.add(new int[] {2, sequence});
    }
    Collections.shuffle(all, random);
    List<List<int[]>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(all.subList(all.size() * i / count, all.size() * (i + 1) / count));
    }
    return parts;
  }

  private void startOver() {
    tail.set(RecordLog.FIRST_UNIT);
    index = emptyIndex();
  }

  private HashIndex emptyIndex() {
    return new HashIndex(MemorySegment.ofArray(new long[SLOTS]), log);
  }

  private void insert(int key, int sequence) {
    int units = (int) RecordLog.recordBytes(1, 0) / RecordLog.UNIT_BYTES;
    int unit = tail.getAndAdd(units);
    log.write(unit, sequence, RecordType.DELETE, bytes(key), MemorySegment.NULL);
    index.insert(unit, sequence, KeyHash.of(bytes(key)));
  }

  private long find(int key, int sequence) {
    int unit = index.find(bytes(key), sequence);
    return unit == RecordLog.NIL ? 0 : log.sequence(unit);
  }

  private static MemorySegment bytes(int key) {
    return MemorySegment.ofArray(new byte[] {(byte) key});
  }
}
