package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorsTest {

  @Test
  void mergeEqualsTheSortedUnionOfItsSources() {
    Random random = Seeds.random("mergeEqualsTheSortedUnionOfItsSources");
    for (int round = 0; round < 150; round++) {
      List<Rec> all = randomRecords(random, random.nextInt(60), 1 + random.nextInt(6));
      int count = random.nextInt(6);
      List<Cursor> sources = split(all, count, random);
      List<Rec> expected = count == 0 ? List.of() : all;
      try (Cursor merged = new MergingCursor(sources)) {
        CursorWalk.compare(merged, new ListCursor(expected), targets(all, random), random, 60);
      }
    }
  }

  @Test
  void equalRecordsComeInTheOrderOfTheirSources() {
    List<Cursor> sources = new ArrayList<>();
    for (String value : List.of("first", "second", "third")) {
      sources.add(new ListCursor(List.of(Rec.put("k", 0, value))));
    }
    List<Rec> expected =
        List.of(Rec.put("k", 0, "first"), Rec.put("k", 0, "second"), Rec.put("k", 0, "third"));
    try (Cursor merged = new MergingCursor(sources)) {
      Random random = Seeds.random("equalRecordsComeInTheOrderOfTheirSources");
      CursorWalk.compare(merged, new ListCursor(expected), List.of(Rec.bytes("k")), random, 200);
    }
  }

  @Test
  void visibleEqualsTheNewestVisibleVersionOfEachKey() {
    Random random = Seeds.random("visibleEqualsTheNewestVisibleVersionOfEachKey");
    for (int round = 0; round < 300; round++) {
      List<Rec> all = randomRecords(random, random.nextInt(80), 1 + random.nextInt(8));
      long sequence = random.nextInt(100);
      boolean keepDeletions = random.nextBoolean();
      Cursor inner = new MergingCursor(split(all, 1 + random.nextInt(3), random));
      try (Cursor visible = new VisibleCursor(inner, sequence, keepDeletions)) {
        ListCursor model = new ListCursor(visible(all, sequence, keepDeletions));
        CursorWalk.compare(visible, model, targets(all, random), random, 60);
      }
    }
  }

  @Test
  void visibleIsTheSameOverAMemtableAlone() {
    Random random = Seeds.random("visibleIsTheSameOverAMemtableAlone");
    try (SlabPool pool = new SlabPool(8 << 20, 1 << 20)) {
      for (int round = 0; round < 200; round++) {
        List<Rec> all = randomRecords(random, 1 + random.nextInt(80), 1 + random.nextInt(8));
        long sequence = random.nextInt(100);
        boolean keepDeletions = random.nextBoolean();
        MemTable table = inSomeRuns(pool, all, random);
        try (Cursor visible = new VisibleCursor(table.cursor(), sequence, keepDeletions)) {
          ListCursor model = new ListCursor(visible(all, sequence, keepDeletions));
          CursorWalk.compare(visible, model, targets(all, random), random, 60);
        }
        table.release();
      }
    }
  }

  /** A memtable of these records whose order was asked for now and then. */
  private static MemTable inSomeRuns(SlabPool pool, List<Rec> all, Random random) {
    MemTableDriver driver = new MemTableDriver(new MemTable(pool, 1 << 20, 1));
    List<Rec> bySequence = new ArrayList<>(all);
    bySequence.sort(Comparator.comparingLong(record -> record.sequence));
    for (Rec record : bySequence) {
      assertThat(driver.write(record)).isTrue();
      if (random.nextInt(10) == 0) {
        driver.table.cursor().close();
      }
    }
    return driver.table;
  }

  @Test
  void valuesTooLongToCopyAreShownWalkingBackward() {
    byte[] large = new byte[VisibleCursor.MAX_COPY_BYTES + 1];
    large[7] = 7;
    List<Rec> all = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      all.add(Rec.put(key, 9, "invisible"));
      all.add(new Rec(Rec.bytes(key), 5, RecordType.PUT, large));
      all.add(Rec.put(key, 3, "old"));
    }
    try (Cursor visible = new VisibleCursor(new ListCursor(all), 6, false)) {
      ListCursor model = new ListCursor(visible(all, 6, false));
      List<byte[]> targets = List.of(Rec.bytes("b"), Rec.bytes("bb"));
      Random random = Seeds.random("valuesTooLongToCopyAreShownWalkingBackward");
      CursorWalk.compare(visible, model, targets, random, 300);
    }
  }

  @Test
  void manyVersionsCostASearchInBothDirections() {
    List<Rec> all = new ArrayList<>();
    for (int version = 10_000; version > 0; version--) {
      all.add(Rec.put("hot", version, "v" + version));
    }
    all.add(Rec.put("next", 1, "n"));
    all.addFirst(Rec.put("first", 1, "f"));
    ListCursor inner = new ListCursor.Versioned(all);
    try (Cursor visible = new VisibleCursor(inner, 5_000, false)) {
      visible.seekToFirst();
      visible.next();
      assertThat(Rec.at(visible)).isEqualTo(Rec.put("hot", 5_000, "v5000"));
      visible.next();
      assertThat(Rec.at(visible)).isEqualTo(Rec.put("next", 1, "n"));
      visible.prev();
      assertThat(Rec.at(visible)).isEqualTo(Rec.put("hot", 5_000, "v5000"));
      visible.prev();
      assertThat(Rec.at(visible)).isEqualTo(Rec.put("first", 1, "f"));
    }
    assertThat(inner.moves).isLessThan(400);
  }

  @Test
  void closingAMergeClosesEverySource() {
    ListCursor a = new ListCursor(List.of());
    ListCursor failing =
        new ListCursor(List.of()) {
          @Override
          public void close() {
            super.close();
            throw DwarfException.unavailable("gone");
          }
        };
    ListCursor b = new ListCursor(List.of());
    Cursor merged = new MergingCursor(List.of(a, failing, b));
    assertThatThrownBy(merged::close).hasMessage("gone");
    assertThat(List.of(a.closes, failing.closes, b.closes)).containsExactly(1, 1, 1);
  }

  @Test
  void aSourceThatThrowsNeverMakesTheMergeShorter() {
    ListCursor good = new ListCursor(List.of(Rec.put("b", 1, "1"), Rec.put("d", 1, "1")));
    ListCursor failing =
        new ListCursor(List.of(Rec.put("a", 1, "1"), Rec.put("c", 1, "1"))) {
          @Override
          public void next() {
            throw DwarfException.unavailable("node is gone");
          }
        };
    try (Cursor merged = new MergingCursor(List.of(good, failing))) {
      merged.seekToFirst();
      assertThatThrownBy(merged::next).hasMessage("node is gone");
      assertThatThrownBy(merged::isValid).isInstanceOf(DwarfException.class);
      merged.seek(Rec.segment("b"));
      assertThat(Rec.at(merged)).isEqualTo(Rec.put("b", 1, "1"));
    }
  }

  @Test
  void reservedTypesAreRefused() {
    Rec merge = new Rec(Rec.bytes("k"), 1, RecordType.MERGE, new byte[1]);
    try (Cursor visible = new VisibleCursor(new ListCursor(List.of(merge)), 5, true)) {
      assertThatThrownBy(visible::seekToFirst).hasMessageContaining("MERGE");
      assertThatThrownBy(visible::seekToLast).hasMessageContaining("MERGE");
    }
  }

  private static List<Rec> randomRecords(Random random, int count, int keys) {
    List<Rec> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = randomKey(random, keys);
      int kind = random.nextInt(6);
      RecordType type =
          kind == 0 ? RecordType.DELETE : kind == 1 ? RecordType.SINGLE_DELETE : RecordType.PUT;
      byte[] value = type == RecordType.PUT ? Rec.bytes("v" + i) : new byte[0];
      records.add(new Rec(key, i + 1, type, value));
    }
    records.sort(null);
    return records;
  }

  private static byte[] randomKey(Random random, int keys) {
    byte[] key = new byte[1 + random.nextInt(keys) + (random.nextInt(8) == 0 ? 8 : 0)];
    Arrays.fill(key, (byte) 'k');
    key[key.length - 1] = (byte) (random.nextInt(3) * 100);
    return key;
  }

  private static List<Cursor> split(List<Rec> all, int count, Random random) {
    List<List<Rec>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new ArrayList<>());
    }
    if (count > 0) {
      all.forEach(rec -> parts.get(random.nextInt(count)).add(rec));
    }
    List<Cursor> cursors = new ArrayList<>();
    parts.forEach(
        part ->
            cursors.add(
                random.nextBoolean() ? new ListCursor(part) : new ListCursor.Versioned(part)));
    return cursors;
  }

  private static List<byte[]> targets(List<Rec> all, Random random) {
    List<byte[]> targets = new ArrayList<>(List.of(new byte[0], new byte[] {-1}));
    all.forEach(rec -> targets.add(rec.key));
    for (int i = 0; i < 10; i++) {
      targets.add(randomKey(random, 8));
    }
    return targets;
  }

  private static List<Rec> visible(List<Rec> all, long sequence, boolean keepDeletions) {
    List<Rec> shown = new ArrayList<>();
    byte[] judged = null;
    for (Rec rec : all) {
      if (rec.sequence <= sequence && !Arrays.equals(rec.key, judged)) {
        judged = rec.key;
        if (keepDeletions || !rec.type.isDeletion()) {
          shown.add(rec);
        }
      }
    }
    return shown;
  }

  @Test
  void prefixOrdersLikeTheKey() {
    Random random = Seeds.random("prefixOrdersLikeTheKey");
    for (int i = 0; i < 5_000; i++) {
      MemorySegment a = MemorySegment.ofArray(randomKey(random, 10));
      MemorySegment b = MemorySegment.ofArray(randomKey(random, 10));
      int byPrefix = Long.compareUnsigned(KeyBytes.prefix(a), KeyBytes.prefix(b));
      if (byPrefix != 0) {
        assertThat(Integer.signum(byPrefix))
            .isEqualTo(Integer.signum(KeyBytes.compare(a, 0, b, 0)));
      }
    }
  }
}
