package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A memory node and a worker on the engine's own host, in shared memory. */
class HostMemoryTest {

  private static final int KEYS = 3_000;
  private static final int MEASURING_PASSES = 3;

  @TempDir Path root;

  private static byte[] value(int key) {
    return TestData.randomBytes(key, 300);
  }

  private static byte[] key(int key) {
    return bytes("key%05d".formatted(key));
  }

  private static void checkGets(DwarfDB db) {
    for (int key = 0; key < KEYS; key++) {
      assertThat(db.get(key(key))).as("key%d", key).isEqualTo(value(key));
    }
    assertThat(db.get(bytes("nokey"))).isNull();
  }

  @Test
  void memtablesAreShippedReadAndFlushedByAddressAlone() {
    try (TestCluster cluster = TestCluster.start("shm", root, 1, 16 << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      for (int key = 0; key < KEYS; key++) {
        db.put(key(key), value(key));
      }
      Await.until("memtables in DM", () -> statistic(db, "memory.dm.memtables") > 4);
      for (int pass = 0; pass < MEASURING_PASSES; pass++) {
        checkGets(db);
      }
      long oneSided = statistic(db, "reads.one-sided");
      long delegated = statistic(db, "reads.delegated");
      checkGets(db);
      assertThat(statistic(db, "reads.one-sided") - oneSided)
          .as("the cheaper way was found by measuring")
          .isGreaterThan(4 * (statistic(db, "reads.delegated") - delegated));
      db.flush();
      assertThat(statistic(db, "memory.dm.memtables")).isZero();
      checkGets(db);
    }
  }
}
