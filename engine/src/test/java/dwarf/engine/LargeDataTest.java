package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.randomBytes;
import static dwarf.engine.TestData.repeated;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest and the smallest keys and values, and many versions of one, on every tier. */
class LargeDataTest {

  private static final int LONGEST_KEY = 64 << 10;
  private static final int LARGE_VALUE = 10 << 20;

  @TempDir Path root;

  private static void checkGets(DwarfDB db, Map<byte[], byte[]> expected) {
    expected.forEach((key, value) -> assertThat(db.get(key)).isEqualTo(value));
  }

  private static void checkScan(DwarfDB db, TreeMap<byte[], byte[]> expected) {
    try (DwarfIterator it = db.newIterator()) {
      it.seekToFirst();
      for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
        assertThat(it.key()).isEqualTo(entry.getKey());
        assertThat(it.value()).isEqualTo(entry.getValue());
        it.next();
      }
      assertThat(it.isValid()).isFalse();
      it.seekToLast();
      for (Map.Entry<byte[], byte[]> entry : expected.descendingMap().entrySet()) {
        assertThat(it.key()).isEqualTo(entry.getKey());
        assertThat(it.value()).isEqualTo(entry.getValue());
        it.prev();
      }
      assertThat(it.isValid()).isFalse();
    }
  }

  @Test
  void extremesOfSizeOnEveryTier() {
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    Options options;
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 128L << 20)) {
      options = TestData.keepInDm(cluster, root).setWriteBufferSize(1 << 20);
      try (DwarfDB db = DwarfDB.open(root.resolve("db"), options)) {
        fillExtremes(db, model);
        Await.until("the large values in DM", () -> statistic(db, "memory.dm.bytes") > 41L << 20);
        for (int round = 0; round < 5; round++) {
          checkGets(db, model);
        }
        assertThat(statistic(db, "reads.delegated")).isPositive();
        assertThat(statistic(db, "reads.one-sided")).isPositive();
        assertThat(statistic(db, "reads.retried")).isZero();
        checkScan(db, model);
        db.flush();
        assertThat(statistic(db, "memory.dm.bytes")).isZero();
        checkGets(db, model);
        checkScan(db, model);
      }
      try (DwarfDB db = DwarfDB.open(root.resolve("db"), options)) {
        checkScan(db, model);
      }
    }
  }

  private static void put(DwarfDB db, Map<byte[], byte[]> model, byte[] key, byte[] value) {
    db.put(key, value);
    model.put(key, value);
  }

  private static void fillExtremes(DwarfDB db, Map<byte[], byte[]> model) {
    put(db, model, new byte[0], bytes("of the empty key"));
    put(db, model, bytes("empty"), new byte[0]);
    put(db, model, new byte[] {0}, new byte[0]);
    put(db, model, repeated('\u00fe', LONGEST_KEY), new byte[0]);
    put(db, model, repeated('k', LONGEST_KEY), randomBytes(1, LARGE_VALUE));
    put(db, model, repeated('k', LONGEST_KEY - 1), randomBytes(2, 100));
    for (int i = 0; i < 3; i++) {
      put(db, model, bytes("large" + i), randomBytes(10 + i, LARGE_VALUE));
    }
    for (int i = 0; i < 20; i++) {
      byte[] key = repeated('m', LONGEST_KEY);
      key[LONGEST_KEY - 1] = (byte) i;
      put(db, model, key, randomBytes(100 + i, 50));
    }
    for (int i = 0; i < 1_500; i++) {
      put(db, model, bytes("small" + i), randomBytes(1000 + i, 1500));
    }
  }

  @Test
  void thousandsOfVersionsOfOneKeyAndSnapshotsAmongThem() {
    int versions = 6_000;
    byte[] hot = bytes("hot");
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      TreeMap<Integer, Snapshot> snapshots = new TreeMap<>();
      for (int version = 0; version < versions; version++) {
        db.put(hot, version(version));
        if (version % 1_000 == 777) {
          snapshots.put(version, db.getSnapshot());
        }
      }
      Await.until("hot versions in DM", () -> statistic(db, "memory.dm.memtables") > 1);
      checkVersions(db, hot, versions - 1, snapshots);
      db.flush();
      checkVersions(db, hot, versions - 1, snapshots);
      db.delete(hot);
      assertThat(db.get(hot)).isNull();
      db.flush();
      assertThat(db.get(hot)).isNull();
      snapshots.forEach(
          (version, snapshot) ->
              assertThat(db.get(new ReadOptions().setSnapshot(snapshot), hot))
                  .isEqualTo(version(version)));
      snapshots.values().forEach(Snapshot::close);
    }
  }

  private static byte[] version(int version) {
    byte[] value = new byte[200];
    byte[] text = bytes("version " + version);
    System.arraycopy(text, 0, value, 0, text.length);
    return value;
  }

  private static void checkVersions(
      DwarfDB db, byte[] hot, int last, Map<Integer, Snapshot> snapshots) {
    assertThat(db.get(hot)).isEqualTo(version(last));
    snapshots.forEach(
        (version, snapshot) -> {
          ReadOptions then = new ReadOptions().setSnapshot(snapshot);
          assertThat(db.get(then, hot)).isEqualTo(version(version));
          try (DwarfIterator it = db.newIterator(db.getDefaultColumnFamily(), then)) {
            it.seekToFirst();
            assertThat(it.value()).isEqualTo(version(version));
            it.next();
            assertThat(it.isValid()).isFalse();
          }
        });
  }
}
