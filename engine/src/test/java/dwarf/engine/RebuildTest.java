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
      Await.until("memtables in DM", () -> statistic(db, "memory.dm.memtables") > MEMTABLES);
      long lost = statistic(db, "memory.dm.memtables");
      cluster.replaceNodeByAnEmptyOne();
      Await.until("all are rebuilt", () -> statistic(db, "rebuild.memtables") >= lost);
      for (int key = 0; key < KEYS; key++) {
        assertThat(db.get(bytes("key" + key))).as("key%d", key).isEqualTo(value(key));
      }
    }
  }
}
