package dwarf.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of RocksDB expect of an embedded database. */
class DatabaseTest {

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Options small() {
    return new Options()
        .setCreateIfMissing(true)
        .setWriteBufferSize(128 << 10)
        .setMinWriteBufferNumberToMerge(3);
  }

  @Test
  void oneLineOpensAndReadsBack() {
    try (DwarfDB db = DwarfDB.open(directory.resolve("db"))) {
      db.put(bytes("a"), bytes("1"));
      db.put(new byte[0], new byte[0]);
      assertThat(db.get(bytes("a"))).isEqualTo(bytes("1"));
      assertThat(db.get(new byte[0])).isEmpty();
      assertThat(db.get(bytes("b"))).isNull();
      db.delete(bytes("a"));
      assertThat(db.get(bytes("a"))).isNull();
    }
  }

  @Test
  void dataMovesThroughEveryTierAndIsReadFromEach() {
    try (DwarfDB db = DwarfDB.open(directory.resolve("db"), small())) {
      byte[] value = new byte[500];
      for (int i = 0; i < 4_000; i++) {
        value[0] = (byte) i;
        db.put(bytes("key" + i), value);
      }
      for (int i = 0; i < 4_000; i++) {
        assertThat(db.get(bytes("key" + i))[0]).isEqualTo((byte) i);
      }
      Map<String, Long> statistics = db.statistics();
      assertThat(statistics.get("offload.memtables")).isPositive();
      assertThat(statistics.get("flush.jobs")).isPositive();
      assertThat(statistics.get("memory.local.freed.bytes")).isPositive();
      db.flush();
      assertThat(db.statistics().get("memory.dm.bytes")).isZero();
      for (int i = 0; i < 4_000; i++) {
        assertThat(db.get(bytes("key" + i))[0]).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void unflushedWritesSurviveReopen() {
    Path path = directory.resolve("db");
    try (DwarfDB db = DwarfDB.open(path, small())) {
      for (int i = 0; i < 3_000; i++) {
        db.put(bytes("key" + i), bytes("value" + i));
      }
      db.put(new WriteOptions().setDisableWAL(true), bytes("unlogged"), bytes("kept"));
    }
    try (DwarfDB db = DwarfDB.open(path, small())) {
      for (int i = 0; i < 3_000; i++) {
        assertThat(db.get(bytes("key" + i))).isEqualTo(bytes("value" + i));
      }
      assertThat(db.get(bytes("unlogged"))).isEqualTo(bytes("kept"));
    }
  }

  @Test
  void familiesAreSeparateAndComeBack() {
    Path path = directory.resolve("db");
    ColumnFamilyDescriptor users = new ColumnFamilyDescriptor(bytes("users"));
    try (DwarfDB db = DwarfDB.open(path, small())) {
      ColumnFamilyHandle family = db.createColumnFamily(users);
      db.put(family, bytes("k"), bytes("in users"));
      db.put(bytes("k"), bytes("in default"));
      assertThatThrownBy(() -> db.createColumnFamily(users)).hasMessageContaining("exists");
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DwarfDB db = DwarfDB.open(path, small(), List.of(users), handles)) {
      assertThat(db.get(handles.getFirst(), bytes("k"))).isEqualTo(bytes("in users"));
      assertThat(db.get(bytes("k"))).isEqualTo(bytes("in default"));
      db.dropColumnFamily(handles.getFirst());
      assertThatThrownBy(() -> db.put(handles.getFirst(), bytes("k"), bytes("v")))
          .isInstanceOf(DwarfException.class);
    }
    assertThat(DwarfDB.listColumnFamilies(path)).hasSize(1);
  }

  @Test
  void sequencesNeverGoBackAcrossReopens() {
    Path path = directory.resolve("db");
    long last = 0;
    for (int round = 0; round < 4; round++) {
      try (DwarfDB db = DwarfDB.open(path, small())) {
        assertThat(db.getLatestSequenceNumber()).isGreaterThanOrEqualTo(last);
        for (int i = 0; i < 500; i++) {
          db.put(bytes("key" + i), new byte[300]);
        }
        if (round % 2 == 0) {
          db.flush();
        }
        assertThat(db.getLatestSequenceNumber()).isGreaterThanOrEqualTo(last + 500);
        last = db.getLatestSequenceNumber();
      }
    }
  }

  @Test
  void refusalsSayWhatToDo() {
    Path path = directory.resolve("db");
    assertThatThrownBy(() -> DwarfDB.open(path, new Options())).isInstanceOf(DwarfException.class);
    try (DwarfDB db = DwarfDB.open(path, small())) {
      WriteBatch batch = new WriteBatch();
      assertThatThrownBy(() -> batch.merge(db.getDefaultColumnFamily(), bytes("k"), bytes("v")))
          .hasMessageContaining("not supported yet");
      assertThatThrownBy(() -> db.put(Keys.markerKey(), bytes("v")))
          .hasMessageContaining("reserved");
      assertThatThrownBy(() -> db.put(new byte[(64 << 10) + 1], bytes("v")))
          .hasMessageContaining("longest");
      assertThatThrownBy(() -> DwarfDB.open(path, small())).isInstanceOf(DwarfException.class);
    }
    DwarfDB closed = DwarfDB.open(path, small());
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.get(bytes("k"))).hasMessageContaining("closed");
  }

  @Test
  void snapshotsSeeTheirMomentWhileDataMoves() {
    try (DwarfDB db = DwarfDB.open(directory.resolve("db"), small())) {
      db.put(bytes("k"), bytes("old"));
      try (Snapshot snapshot = db.getSnapshot();
          DwarfIterator before = db.newIterator()) {
        db.put(bytes("k"), bytes("new"));
        for (int i = 0; i < 2_000; i++) {
          db.put(bytes("fill" + i), new byte[400]);
        }
        db.flush();
        ReadOptions then = new ReadOptions().setSnapshot(snapshot);
        assertThat(db.get(then, bytes("k"))).isEqualTo(bytes("old"));
        assertThat(db.get(then, bytes("fill7"))).isNull();
        assertThat(db.get(bytes("k"))).isEqualTo(bytes("new"));
        before.seekToFirst();
        assertThat(before.value()).isEqualTo(bytes("old"));
        before.next();
        assertThat(before.isValid()).isFalse();
      }
    }
  }
}
