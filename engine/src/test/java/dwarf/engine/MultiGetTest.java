package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.randomBytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many keys at once say what single gets say, and ask the memory node once. */
class MultiGetTest {

  private static final int KEYS = 2_000;

  /** Too large for a reply: read one-sided. */
  private static final int LARGE = 9 << 20;

  private static final byte[] LARGE_KEY = bytes("key-large");

  @TempDir Path root;

  private static byte[] key(int i) {
    return bytes("key%05d".formatted(i));
  }

  /** Every third key is overwritten, every seventh deleted, and all of that moves to DM. */
  private static void fill(DwarfDB db) {
    for (int i = 0; i < KEYS; i++) {
      db.put(key(i), randomBytes(i, 300));
    }
    db.put(LARGE_KEY, randomBytes(-1, LARGE));
    for (int i = 0; i < KEYS; i += 3) {
      db.put(key(i), randomBytes(KEYS + i, 200));
    }
    for (int i = 0; i < KEYS; i += 7) {
      db.delete(key(i));
    }
    for (int i = 0; i < KEYS; i++) {
      db.put(bytes("later" + i), new byte[300]);
    }
    Await.until("the large value in DM", () -> statistic(db, "memory.dm.bytes") > LARGE);
    Await.until("what follows it too", () -> statistic(db, "memtables.local.frozen") <= 1);
  }

  private static List<byte[]> wanted() {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i += 2) {
      keys.add(key(i));
      keys.add(bytes("key%05dx".formatted(i)));
    }
    keys.add(LARGE_KEY);
    keys.add(key(14));
    keys.add(key(14));
    return keys;
  }

  private static void checkAgainstSingleGets(DwarfDB db, List<byte[]> keys, List<byte[]> values) {
    assertThat(values).hasSameSizeAs(keys);
    for (int i = 0; i < keys.size(); i++) {
      assertThat(values.get(i)).as("key %d of the call", i).isEqualTo(db.get(keys.get(i)));
    }
  }

  @Test
  void oneRequestForManyKeysInDm() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 128L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      fill(db);
      List<byte[]> keys = wanted();
      long requests = statistic(db, "reads.delegated") + statistic(db, "reads.one-sided");
      List<byte[]> values = db.multiGetAsList(keys);
      assertThat(statistic(db, "reads.delegated") + statistic(db, "reads.one-sided") - requests)
          .isBetween(1L, 2L);
      assertThat(statistic(db, "reads.delegated.batched")).isGreaterThan(KEYS / 2);
      assertThat(statistic(db, "reads.retried")).isZero();
      assertThat(values.get(keys.size() - 3)).isEqualTo(randomBytes(-1, LARGE));
      assertThat(values.get(keys.size() - 1)).as("deleted").isNull();
      assertThat(values.get(1)).as("never written").isNull();
      checkAgainstSingleGets(db, keys, values);
      checkThatRequestsAreBounded(db);
    }
  }

  /** Twice as many keys as one request may have. */
  private static void checkThatRequestsAreBounded(DwarfDB db) {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(key(i));
    }
    long requests = statistic(db, "reads.delegated");
    List<byte[]> values = db.multiGetAsList(keys);
    assertThat(statistic(db, "reads.delegated") - requests).isEqualTo(2);
    checkAgainstSingleGets(db, keys, values);
  }

  @Test
  void aSnapshotReadsItsOwnVersionsInDm() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 128L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      for (int i = 0; i < KEYS; i++) {
        db.put(key(i), randomBytes(i, 300));
      }
      try (Snapshot before = db.getSnapshot()) {
        fill(db);
        checkFirstVersions(db, before);
      }
      assertThat(statistic(db, "reads.delegated.batched")).isPositive();
    }
  }

  private static void checkFirstVersions(DwarfDB db, Snapshot snapshot) {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(key(i));
    }
    ReadOptions options = new ReadOptions().setSnapshot(snapshot);
    List<byte[]> values = db.multiGetAsList(db.getDefaultColumnFamily(), options, keys);
    for (int i = 0; i < KEYS; i++) {
      assertThat(values.get(i)).as("key %d", i).isEqualTo(randomBytes(i, 300));
    }
  }

  @Test
  void whatTheNodeHasLostIsNotAbsent() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 128L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      fill(db);
      List<byte[]> keys = wanted();
      List<byte[]> before = db.multiGetAsList(keys);
      cluster.replaceNodeByAnEmptyOne();
      List<byte[]> after = db.multiGetAsList(keys);
      assertThat(statistic(db, "reads.retried")).isPositive();
      for (int i = 0; i < keys.size(); i++) {
        assertThat(after.get(i)).as("key %d of the call", i).isEqualTo(before.get(i));
      }
    }
  }
}
