package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Writers side by side in an open lane, and what the memtable makes of it. */
class WriteLaneTest {

  private static final int BUFFER = 32 << 20;
  private static final int KEY_BYTES = 8;
  private static final int VALUE_BYTES = 20;
  private static final long RECORD_BYTES = MemTable.recordBytes(KEY_BYTES, VALUE_BYTES);

  /** Records written in each round before the lane is closed. */
  private static final int LEAST = 200;

  private final SlabPool pool = new SlabPool(64 << 20, 256 << 10);
  private final MemTable table = new MemTable(pool, BUFFER, 1);
  private final AtomicLong visible = new AtomicLong();

  @Test
  void aLaneGrantsWhatWasPreparedAndNoMore() {
    prepare(2, 2 * RECORD_BYTES);
    WriteLane lane = table.openLane();
    long granted = 0;
    for (long place = take(lane); place != WriteLane.REFUSED; place = take(lane)) {
      granted++;
      fill(lane, place, granted);
    }
    assertThat(granted).isGreaterThan(2);
    assertThat(WriteLane.count(table.closeLane(lane))).isEqualTo((int) granted);
    assertThat(table.entryCount()).isEqualTo((int) granted);
    assertThat(table.bytesUsed()).isLessThanOrEqualTo(BUFFER);
    assertThat(table.sorted().count()).isEqualTo((int) granted);
  }

  @Test
  void aClosedLaneGrantsNothing() {
    prepare(1, RECORD_BYTES);
    WriteLane lane = table.openLane();
    long end = table.closeLane(lane);
    assertThat(WriteLane.count(end)).isZero();
    assertThat(take(lane)).isEqualTo(WriteLane.REFUSED);
  }

  @Test
  void aLaneGrantsNothingBeyondWhatIsAllowed() {
    prepare(1, RECORD_BYTES);
    WriteLane lane = table.openLane();
    lane.allow(lane.published(), 3 * RECORD_BYTES);
    fill(lane, take(lane), 1);
    assertThat(lane.take(3 * RECORD_BYTES, 3)).isEqualTo(WriteLane.REFUSED);
    fill(lane, take(lane), 2);
    fill(lane, take(lane), 3);
    assertThat(take(lane)).isEqualTo(WriteLane.REFUSED);
    lane.allow(lane.published(), RECORD_BYTES);
    fill(lane, take(lane), 4);
    assertThat(take(lane)).isEqualTo(WriteLane.REFUSED);
    assertThat(WriteLane.count(table.closeLane(lane))).isEqualTo(4);
  }

  @Test
  void recordsBetweenTwoPlacesAreShownInOrder() {
    prepare(1, RECORD_BYTES);
    WriteLane lane = table.openLane();
    long start = take(lane);
    fill(lane, start, 1);
    long from = lane.published();
    fill(lane, take(lane), 2);
    long deletion = lane.take(MemTable.recordBytes(KEY_BYTES, 0), 1);
    long end = lane.add(deletion, 3, RecordType.DELETE, key(3), value(0).asSlice(0, 0));
    lane.publish(end);
    List<String> shown = new ArrayList<>();
    lane.forEach(
        from,
        end,
        (type, key, value) ->
            shown.add(type + " " + (key.mismatch(key(2)) < 0) + " " + value.byteSize()));
    assertThat(shown).containsExactly("PUT true " + VALUE_BYTES, "DELETE false 0");
    lane.forEach(end, end, (type, key, value) -> shown.add("nothing is there"));
    assertThat(shown).hasSize(2);
  }

  @Test
  void severalRecordsLieSideBySide() {
    prepare(1, RECORD_BYTES);
    WriteLane lane = table.openLane();
    long place = lane.take(3 * RECORD_BYTES, 3);
    for (int i = 1; i <= 3; i++) {
      place = lane.add(place, i, RecordType.PUT, key(i), value(i));
    }
    assertThat(WriteLane.count(place)).isEqualTo(3);
    lane.publish(place);
    assertThat(table.closeLane(lane)).isEqualTo(place);
    assertThat(table.entryCount()).isEqualTo(3);
  }

  /** Round after round: the room is prepared, given away to racing writers, and closed on them. */
  @Test
  void everythingGrantedIsThereInOrder() {
    for (int round = 0; round < 40; round++) {
      long before = visible.get();
      prepare(LEAST, LEAST * RECORD_BYTES);
      WriteLane lane = table.openLane();
      AtomicLong closedAt = new AtomicLong();
      List<Threads.Task> tasks = new ArrayList<>();
      tasks.add(() -> writeUntilRefused(lane));
      tasks.add(() -> writeUntilRefused(lane));
      tasks.add(() -> walk(before));
      tasks.add(
          () -> {
            awaitVisible(before + LEAST);
            closedAt.set(WriteLane.count(table.closeLane(lane)));
          });
      Threads.together(tasks);
      assertThat(visible.get()).isEqualTo(closedAt.get());
      assertThat(table.entryCount()).isEqualTo((int) closedAt.get());
    }
    SortedRecords sorted = table.sorted();
    boolean[] seen = new boolean[(int) visible.get() + 1];
    for (int i = 0; i < sorted.count(); i++) {
      int sequence = (int) sorted.sequence(i);
      assertThat(seen[sequence]).isFalse();
      seen[sequence] = true;
      assertThat(sorted.value(i).get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(sequence);
    }
    Arrays.fill(seen, 0, 1, true);
    assertThat(seen).doesNotContain(false);
  }

  private void writeUntilRefused(WriteLane lane) {
    for (long place = take(lane); place != WriteLane.REFUSED; place = take(lane)) {
      fill(lane, place, WriteLane.count(place) + 1L);
    }
  }

  private void fill(WriteLane lane, long place, long sequence) {
    long end = lane.add(place, sequence, RecordType.PUT, key(sequence % 500), value(sequence));
    awaitVisible(sequence - 1);
    lane.publish(end);
    visible.set(sequence);
  }

  /** What a cursor finds is whole, and is at least what was visible when it was opened. */
  private void walk(long before) {
    for (long seen = before; seen < before + LEAST; ) {
      seen = visible.get();
      int found = 0;
      try (VersionedCursor cursor = table.cursor()) {
        for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
          found++;
          assertThat(cursor.value().get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
              .isEqualTo(cursor.sequence());
        }
      }
      assertThat(found).isGreaterThanOrEqualTo((int) seen);
    }
  }

  private void awaitVisible(long sequence) {
    while (visible.get() < sequence) {
      Thread.onSpinWait();
    }
  }

  private long take(WriteLane lane) {
    return lane.take(RECORD_BYTES, 1);
  }

  private void prepare(int records, long bytes) {
    assertThat(table.prepare(bytes, records)).isTrue();
  }

  private static MemorySegment key(long number) {
    return MemorySegment.ofArray(new long[] {number});
  }

  private static MemorySegment value(long number) {
    return MemorySegment.ofArray(new long[] {number, 0, 0}).asSlice(0, VALUE_BYTES);
  }
}
