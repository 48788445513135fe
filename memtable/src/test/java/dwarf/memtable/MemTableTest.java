package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemTableTest {

  private static final int SLAB = 16 << 10;

  private final SlabPool pool = new SlabPool(256 * SLAB, SLAB);

  @AfterEach
  void poolIsWhole() {
    pool.close();
    assertThat(pool.resident()).as("all memory came back").isZero();
  }

  @Test
  void anEmptyMemTableKnowsNothingAndHoldsNothing() {
    MemTableDriver driver = driver(1 << 20);
    driver.checkGet(Rec.bytes("k"), Limits.MAX_SEQUENCE);
    try (Cursor cursor = driver.table.cursor()) {
      cursor.seekToFirst();
      assertThat(cursor.isValid()).isFalse();
      cursor.seekForPrev(Rec.segment("k"));
      assertThat(cursor.isValid()).isFalse();
      assertThatThrownBy(cursor::next).hasMessageContaining("C2");
    }
    assertThat(driver.sorted()).isEmpty();
    assertThat(driver.table.bytesUsed()).isZero();
    assertThat(driver.table.isFull()).isFalse();
    assertThat(driver.table.firstSequence()).isEqualTo(7);
    driver.table.release();
  }

  @Test
  void aCursorSeesWhatWasPublishedWhenItWasOpened() {
    MemTableDriver driver = driver(1 << 20);
    driver.write(Rec.put("b", 1, "x"));
    MemTable table = driver.table;
    Rec next = Rec.put("a", 2, "y");
    assertThat(table.prepare(MemTableDriver.bytes(List.of(next)), 1)).isTrue();
    MemTableDriver.add(table, next);
    Cursor before = table.cursor();
    assertThat(count(before)).isEqualTo(1);
    table.publish();
    assertThat(count(before)).isEqualTo(1);
    assertThat(count(table.cursor())).isEqualTo(2);
    assertThat(table.entryCount()).isEqualTo(2);
    table.release();
  }

  @Test
  void theLongestKeysAndValuesLargerThanASlab() {
    MemTableDriver driver = driver(3 << 20);
    Random random = Seeds.random("theLongestKeysAndValuesLargerThanASlab");
    byte[] longKey = new byte[Limits.MAX_KEY_BYTES];
    random.nextBytes(longKey);
    byte[] sibling = longKey.clone();
    sibling[sibling.length - 1]++;
    byte[] largeValue = new byte[70 * SLAB + 1];
    random.nextBytes(largeValue);
    driver.write(
        new Rec(longKey, 1, RecordType.PUT, new byte[0]),
        new Rec(new byte[0], 2, RecordType.PUT, largeValue),
        new Rec(sibling, 3, RecordType.DELETE, new byte[0]));
    for (Rec record : driver.model) {
      driver.checkGet(record.key, 3);
    }
    assertThat(driver.sorted()).isEqualTo(List.copyOf(driver.model));
    assertThat(driver.table.logBytes())
        .isEqualTo(
            2 * MemTable.recordBytes(Limits.MAX_KEY_BYTES, 0)
                + MemTable.recordBytes(0, largeValue.length));
    driver.table.release();
  }

  /** Records that end just before, at and just after every slab end they meet. */
  @Test
  void recordsAtSlabEnds() {
    MemTableDriver driver = driver(2 << 20);
    long at = RecordLog.UNIT_BYTES;
    long sequence = 0;
    for (int slab = 1; slab <= 40; slab++) {
      long end = (long) slab * SLAB + (slab % 5L - 2) * RecordLog.UNIT_BYTES;
      long room = end - at;
      byte[] value = new byte[(int) (room - RecordLog.recordBytes(4, 0))];
      value[value.length - 1] = (byte) slab;
      Rec filler = new Rec(Rec.bytes("f" + (100 + slab)), ++sequence, RecordType.PUT, value);
      at += MemTable.recordBytes(4, value.length);
      assertThat(at).isEqualTo(end);
      assertThat(driver.write(filler)).isTrue();
      driver.checkGet(filler.key, sequence);
    }
    assertThat(driver.sorted()).isEqualTo(List.copyOf(driver.model));
    driver.table.release();
  }

  /** The last key ends where the mapping does, but for the slack that sorting may read. */
  @Test
  void theWholeMappingCanBeUsed() {
    long mapping = 20 * NativeMemory.PAGE_BYTES;
    long last = RecordLog.recordBytes(4, 0);
    long filler = mapping - RecordLog.SLACK_BYTES - last - RecordLog.UNIT_BYTES;
    int valueLength = (int) (filler - RecordLog.recordBytes(4, 0));
    MemTableDriver driver = driver(4 * SLAB);
    assertThat(driver.write(Rec.put("tall", 1, "v".repeat(valueLength)), Rec.put("last", 2, "")))
        .isTrue();
    assertThat(driver.table.isFull()).isTrue();
    assertThat(driver.table.bytesUsed()).isEqualTo(mapping + NativeMemory.PAGE_BYTES);
    driver.checkGet(Rec.bytes("last"), 2);
    assertThat(driver.sorted()).isEqualTo(List.copyOf(driver.model));
    driver.table.release();
  }

  @Test
  void whatDoesNotFitIsRefusedAndChangesNothing() {
    MemTableDriver driver = driver(64 << 10);
    long sequence = 0;
    while (driver.write(Rec.put("key" + sequence, sequence + 1, "v".repeat(100)))) {
      sequence++;
    }
    assertThat(driver.table.isFull()).isTrue();
    assertThat(driver.table.entryCount()).isEqualTo((int) sequence);
    assertThat(driver.table.bytesUsed()).isLessThanOrEqualTo((64 << 10) + SLAB);
    assertThat(driver.sorted()).isEqualTo(List.copyOf(driver.model));
    driver.table.release();
  }

  @Test
  void onlyAnEmptyMemTableTakesAGroupLargerThanItself() {
    List<Rec> group = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      group.add(Rec.put("key" + i, i + 1, "v".repeat(100)));
    }
    MemTableDriver used = driver(64 << 10);
    used.write(Rec.put("a", 1, "b"));
    assertThat(used.write(group)).isFalse();
    assertThat(used.table.isFull()).isTrue();
    MemTableDriver empty = driver(64 << 10);
    assertThat(empty.write(group)).isTrue();
    assertThat(empty.table.isFull()).isTrue();
    assertThat(empty.write(Rec.put("z", 5000, ""))).isFalse();
    assertThat(empty.sorted()).isEqualTo(List.copyOf(empty.model));
    used.table.release();
    empty.table.release();
  }

  @Test
  void aGroupBeyondThePoolIsGrantedOnceAtATime() {
    byte[] large = new byte[300 * SLAB];
    Rec record = new Rec(Rec.bytes("k"), 1, RecordType.PUT, large);
    MemTableDriver first = driver(1 << 20);
    first.write(new Rec[0]);
    assertThat(first.write(record)).isTrue();
    assertThat(pool.used()).isGreaterThan(pool.capacity());
    assertThat(first.write(Rec.put("more", 2, ""))).isFalse();
    MemTableDriver second = driver(1 << 20);
    assertThat(second.write(record)).isFalse();
    assertThat(second.table.isFull()).isFalse();
    MemTableDriver small = driver(1 << 20);
    assertThat(small.write(Rec.put("others", 1, "go on"))).isTrue();
    first.checkGet(record.key, 1);
    assertThat(first.sorted()).isEqualTo(List.of(record));
    first.table.release();
    assertThat(second.write(record)).isTrue();
    second.checkGet(record.key, 1);
    second.table.release();
    small.table.release();
  }

  @Test
  void aDryPoolRefusesAndALaterTryWorks() {
    List<MemTableDriver> holders = new ArrayList<>();
    MemTableDriver refused = driver(1 << 20);
    while (refused.model.isEmpty()) {
      MemTableDriver holder = driver(1 << 20);
      if (!holder.write(Rec.put("k", 1, "v"))) {
        refused = holder;
        break;
      }
      holders.add(holder);
    }
    assertThat(pool.used()).isLessThanOrEqualTo(pool.capacity());
    assertThat(refused.table.isFull()).isFalse();
    holders.forEach(holder -> holder.table.release());
    assertThat(refused.write(Rec.put("k", 1, "v"))).isTrue();
    refused.checkGet(Rec.bytes("k"), 1);
    refused.table.release();
    refused.table.release();
  }

  @Test
  void aGroupThatAddsMoreThanItPreparedIsABug() {
    MemTable table = driver(1 << 20).table;
    assertThat(table.prepare(MemTable.recordBytes(1, 1), 1)).isTrue();
    assertThatThrownBy(() -> MemTableDriver.add(table, Rec.put("k", 1, "far too long for this")))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INTERNAL));
    table.release();
  }

  @Test
  void aReleasedMemTableIsNotRead() {
    MemTableDriver driver = driver(1 << 20);
    driver.write(Rec.put("k", 1, "v"));
    MemTable table = driver.table;
    table.release();
    assertThatThrownBy(table::cursor).hasMessageContaining("released");
    assertThatThrownBy(() -> table.get(Rec.segment("k"), 1, new Lookup()))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Linear search in versions would take minutes here. */
  @Test
  void aHotKeyStaysCheapAtEverySequence() {
    int versions = 60_000;
    try (SlabPool large = new SlabPool(64 << 20, 1 << 20)) {
      MemTable table = new MemTable(large, 32 << 20, 1);
      MemorySegment key = Rec.segment("the one hot key");
      MemorySegment value = MemorySegment.ofArray(new long[1]);
      assertThat(table.prepare(versions * MemTable.recordBytes(15, 8), versions)).isTrue();
      for (int sequence = 1; sequence <= versions; sequence++) {
        value.set(ValueLayout.JAVA_LONG, 0, sequence);
        table.add(sequence, RecordType.PUT, key, value);
      }
      table.publish();
      Random random = Seeds.random("aHotKeyStaysCheapAtEverySequence");
      Lookup out = new Lookup();
      for (int i = 0; i < 200_000; i++) {
        long sequence = random.nextLong(versions) + 1;
        assertThat(table.get(key, sequence, out)).isTrue();
        assertThat(out.value().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(sequence);
      }
      SortedRecords sorted = table.sorted();
      assertThat(sorted.sequence(0)).isEqualTo(versions);
      assertThat(sorted.sequence(versions - 1)).isEqualTo(1);
      try (VersionedCursor cursor = table.cursor()) {
        cursor.seekVersion(key, 1234);
        assertThat(cursor.sequence()).isEqualTo(1234);
        cursor.seekForPrev(key);
        assertThat(cursor.sequence()).isEqualTo(1);
        cursor.seek(key);
        assertThat(cursor.sequence()).isEqualTo(versions);
      }
      table.release();
    }
  }

  @Test
  void smallRecordsTakeLittleMoreThanTheirPayload() {
    try (SlabPool large = new SlabPool(128 << 20, 1 << 20)) {
      MemTable table = new MemTable(large, 32 << 20, 1);
      MemorySegment key = MemorySegment.ofArray(new byte[16]);
      MemorySegment value = MemorySegment.ofArray(new byte[100]);
      long i = 0;
      while (table.prepare(MemTable.recordBytes(16, 100), 1)) {
        key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, ++i);
        table.add(i, RecordType.PUT, key, value);
        table.publish();
      }
      assertThat(table.bytesUsed() / (116.0 * table.entryCount())).isLessThan(1.45);
      assertThat(i).as("no early refusal").isGreaterThan((32 << 20) * 95L / 100 / 163);
      table.release();
    }
  }

  private static int count(Cursor cursor) {
    int count = 0;
    for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
      count++;
    }
    return count;
  }

  private MemTableDriver driver(long writeBufferSize) {
    return new MemTableDriver(new MemTable(pool, writeBufferSize, 7));
  }
}
