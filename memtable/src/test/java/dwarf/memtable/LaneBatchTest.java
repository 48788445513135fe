package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Lookup;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches that are loaded ahead and inserted some records at a time. */
class LaneBatchTest {

  private static final int BUFFER = 32 << 20;
  private static final int VALUE_BYTES = Long.BYTES;
  private static final long RECORD_BYTES = MemTable.recordBytes(Long.BYTES, VALUE_BYTES);
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private final SlabPool pool = new SlabPool(64 << 20, 256 << 10);
  private final MemTable table = new MemTable(pool, BUFFER, 1);

  @AfterEach
  void release() {
    table.release();
    pool.close();
  }

  /** Of every length around the number that is inserted at a time. */
  @Test
  void theLaterOfTwoVersionsInABatchIsTheNewerOne() {
    int keys = 7;
    long sequence = 0;
    for (int records = 1; records <= 100; records++) {
      prepare(records);
      WriteLane lane = table.openLane();
      sequence = put(lane, records, sequence, keys);
      table.closeLane(lane);
    }
    Lookup found = new Lookup();
    for (long at = 1; at <= sequence; at++) {
      assertThat(table.get(key(at % keys), at, found)).isTrue();
      assertThat(found.sequence()).isEqualTo(at);
      assertThat(found.value().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(at);
    }
    assertThat(table.entryCount()).isEqualTo((int) sequence);
  }

  @Test
  void anEmptyBatchAndDeletionsAreFine() {
    prepare(2);
    WriteLane lane = table.openLane();
    long place = lane.take(RECORD_BYTES + MemTable.recordBytes(Long.BYTES, 0), 2);
    LaneBatch batch = lane.batch();
    batch.begin(place, 1);
    assertThat(batch.end()).isEqualTo(place);
    batch.add(RecordType.PUT, key(1), value(1));
    batch.add(RecordType.DELETE, key(1), NOTHING);
    lane.publish(batch.end());
    table.closeLane(lane);
    Lookup found = new Lookup();
    assertThat(table.get(key(1), 2, found)).isTrue();
    assertThat(found.state()).isEqualTo(Lookup.State.DELETED);
    assertThat(table.get(key(1), 1, found)).isTrue();
    assertThat(found.state()).isEqualTo(Lookup.State.FOUND);
  }

  /** Few keys, so that batches meet in their slots and their versions interleave. */
  @Test
  void racingBatchesLoseNothing() {
    int keys = 50;
    prepare(20_000);
    WriteLane lane = table.openLane();
    AtomicLong seed = new AtomicLong();
    Threads.Task task =
        () -> {
          SplittableRandom random = new SplittableRandom(seed.incrementAndGet());
          for (int written = 0; written < 6_000; ) {
            int records = 1 + random.nextInt(99);
            long place = lane.take(records * RECORD_BYTES, records);
            fill(lane.batch(), place, WriteLane.count(place), records, keys);
            written += records;
          }
        };
    Threads.together(List.of(task, task, task));
    lane.publish(lane.granted());
    table.closeLane(lane);
    Lookup found = new Lookup();
    for (long at = keys; at <= table.entryCount(); at++) {
      assertThat(table.get(key(at % keys), at, found)).isTrue();
      assertThat(found.sequence()).isEqualTo(at);
    }
    assertThat(table.sorted().count()).isEqualTo(table.entryCount());
  }

  private long put(WriteLane lane, int records, long lastBefore, int keys) {
    long place = lane.take(records * RECORD_BYTES, records);
    lane.publish(fill(lane.batch(), place, lastBefore, records, keys));
    return lastBefore + records;
  }

  private static long fill(LaneBatch batch, long place, long lastBefore, int records, int keys) {
    batch.begin(place, lastBefore + 1);
    for (long at = lastBefore + 1; at <= lastBefore + records; at++) {
      batch.add(RecordType.PUT, key(at % keys), value(at));
    }
    return batch.end();
  }

  private void prepare(int records) {
    assertThat(table.prepare(records * RECORD_BYTES, records)).isTrue();
    table.publish();
  }

  private static MemorySegment key(long number) {
    return MemorySegment.ofArray(new long[] {number});
  }

  private static MemorySegment value(long number) {
    return MemorySegment.ofArray(new long[] {number});
  }
}
