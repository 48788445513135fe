package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From a memtable through its shards and back, and what is asked of all shards together. */
class SealedMemTableTest {

  @Test
  void aSealedMemtableReadsAsTheMemtableDid() {
    Random random = Seeds.random("aSealedMemtableReadsAsTheMemtableDid");
    try (SlabPool pool = new SlabPool(64 << 20, 1 << 20)) {
      for (int round = 0; round < 20; round++) {
        List<Rec> all = Images.random(random, random.nextInt(2_000), 300, 80);
        long[] snapshots = {50, 500};
        MemTable table = filled(pool, all, random);
        SealPlan plan = SealPlan.of(table, Images.spec(4, 512, snapshots));
        List<ShardReader> shards = new ArrayList<>();
        for (int i = 0; i < plan.shardCount(); i++) {
          MemorySegment image = Arena.ofAuto().allocate(plan.imageBytes(i), 8);
          plan.gather(i, image);
          ShardIndex.verify(image);
          shards.add(Images.reader(image));
        }
        assertSameVisible(table, shards, snapshots);
        table.release();
      }
    }
  }

  private static MemTable filled(SlabPool pool, List<Rec> all, Random random) {
    MemTable table = new MemTable(pool, 4 << 20, 1);
    List<Rec> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    assertThat(table.prepare(MemTableDriver.bytes(all), all.size())).isTrue();
    shuffled.forEach(rec -> MemTableDriver.add(table, rec));
    table.publish();
    return table;
  }

  private static void assertSameVisible(MemTable table, List<ShardReader> shards, long[] at) {
    for (long sequence : new long[] {at[0], at[1], Long.MAX_VALUE}) {
      try (Cursor before = new VisibleCursor(table.cursor(), sequence, true);
          Cursor after = new VisibleCursor(ShardReader.cursorOver(shards), sequence, true)) {
        assertThat(forward(after)).isEqualTo(forward(before));
        assertThat(backward(after)).isEqualTo(backward(before));
      }
    }
  }

  private static List<Rec> forward(Cursor cursor) {
    List<Rec> records = new ArrayList<>();
    for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
      records.add(Rec.at(cursor));
    }
    return records;
  }

  private static List<Rec> backward(Cursor cursor) {
    List<Rec> records = new ArrayList<>();
    for (cursor.seekToLast(); cursor.isValid(); cursor.prev()) {
      records.add(Rec.at(cursor));
    }
    return records;
  }

  @Test
  void aWalkOverShardsEqualsTheWalkOverTheirRecords() {
    Random random = Seeds.random("aWalkOverShardsEqualsTheWalkOverTheirRecords");
    for (int round = 0; round < 40; round++) {
      List<Rec> all = Images.random(random, random.nextInt(200), 40, 20);
      long[] snapshots = {20, 60, 100, 150};
      List<Rec> kept = Images.kept(all, snapshots);
      List<ShardReader> shards = readers(all, Images.spec(6, 128, snapshots));
      List<byte[]> targets = new ArrayList<>(List.of(new byte[0], new byte[] {-1}));
      all.forEach(rec -> targets.add(rec.key));
      try (VersionedCursor walk = ShardReader.cursorOver(shards)) {
        CursorWalk.compare(walk, new ListCursor(kept), targets, random, 100);
        ListCursor.Versioned model = new ListCursor.Versioned(kept);
        for (byte[] key : targets) {
          long sequence = random.nextInt(200);
          walk.seekVersion(MemorySegment.ofArray(key), sequence);
          model.seekVersion(MemorySegment.ofArray(key), sequence);
          assertThat(walk.isValid() ? Rec.at(walk) : null)
              .isEqualTo(model.isValid() ? Rec.at(model) : null);
        }
      }
    }
  }

  @Test
  void shardsOutOfOrderAreRefused() {
    List<Rec> all = List.of(Rec.put("a", 1, "1"), Rec.put("b", 2, "2"));
    List<ShardReader> shards = readers(all, Images.spec(2, 64));
    assertThatThrownBy(() -> ShardReader.cursorOver(shards.reversed()))
        .hasMessageContaining("ascend without overlap");
  }

  @Test
  void aSourceThatThrowsNeverMakesAWalkShorter() {
    List<Rec> all = Images.random(new Random(5), 200, 100, 20);
    MemorySegment image = Images.seal(all, Images.spec(1, 128)).getFirst();
    ShardIndex index = Images.reader(image).index();
    boolean[] down = {false};
    BlockSource flaky =
        (offset, length) -> {
          if (down[0]) {
            throw DwarfException.unavailable("node is gone");
          }
          return ShardReader.over(image).read(offset, length);
        };
    List<VersionedCursor> cursors =
        List.of(
            new ShardReader(index, flaky).cursor(),
            ShardReader.cursorOver(List.of(new ShardReader(index, flaky))));
    for (VersionedCursor cursor : cursors) {
      down[0] = false;
      cursor.seekToFirst();
      down[0] = true;
      assertThatThrownBy(
              () -> {
                while (cursor.isValid()) {
                  cursor.next();
                }
              })
          .hasMessage("node is gone");
      assertThatThrownBy(cursor::isValid).isInstanceOf(DwarfException.class);
      down[0] = false;
      cursor.seekToLast();
      assertThat(cursor.isValid()).isTrue();
    }
  }

  private static List<ShardReader> readers(List<Rec> all, SealSpec spec) {
    return Images.seal(all, spec).stream().map(Images::reader).toList();
  }
}
