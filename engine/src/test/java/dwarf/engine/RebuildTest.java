package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A memory node that comes back empty costs an open database nothing but time. */
class RebuildTest {

  private static final int KEYS = 4_000;

  /** More than the rebuild pool can hold at once, two write buffers. */
  private static final int MEMTABLES = 5;

  private static final byte[] LARGE = TestData.randomBytes(1, 5_000);

  @TempDir Path root;

  private static byte[] value(int key) {
    return TestData.randomBytes(key, 300);
  }

  @Test
  void moreLostMemtablesThanTheRebuildPoolHoldsAreAllRebuilt() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 64L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      for (int key = 0; key < KEYS; key++) {
        db.put(bytes("key" + key), value(key));
      }
      loseAll(cluster, db);
      for (int key = 0; key < KEYS; key++) {
        assertThat(db.get(bytes("key" + key))).as("key%d", key).isEqualTo(value(key));
      }
    }
  }

  @Test
  void memtablesOfEveryShapeAreRebuilt() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 64L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      for (int round = 0; round < 3; round++) {
        WriteBatch larger = new WriteBatch();
        for (int key = 0; key < 100; key++) {
          larger.put(bytes(round + "in a batch larger than a write buffer" + key), LARGE);
        }
        db.write(new WriteOptions(), larger);
        for (int version = 0; version < 3_000; version++) {
          db.put(bytes("hot"), bytes(round + "/" + version));
        }
        for (int key = 0; key < 3_000; key++) {
          db.put(bytes(round + "/" + key), new byte[0]);
        }
      }
      loseAll(cluster, db);
      assertThat(db.get(bytes("hot"))).isEqualTo(bytes("2/2999"));
      for (int round = 0; round < 3; round++) {
        for (int key = 0; key < 3_000; key++) {
          assertThat(db.get(bytes(round + "/" + key))).as("%d/%d", round, key).isEmpty();
        }
        byte[] inBatch = bytes(round + "in a batch larger than a write buffer99");
        assertThat(db.get(inBatch)).isEqualTo(LARGE);
      }
    }
  }

  private static void loseAll(TestCluster cluster, DwarfDB db) {
    Await.until("memtables in DM", () -> statistic(db, "memory.dm.memtables") > MEMTABLES);
    long lost = statistic(db, "memory.dm.memtables");
    cluster.replaceNodeByAnEmptyOne();
    Await.until("all are rebuilt", () -> statistic(db, "rebuild.memtables") >= lost);
  }
}
