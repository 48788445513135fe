package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits that flip in the memory node's memory give no wrong answer and lose nothing. */
class DamagedMemoryTest {

  private static final int KEYS = 3_000;
  private static final int POOL = 4 << 20;
  private static final int EVERY_BYTES = 50_000;

  @TempDir Path root;

  private static byte[] value(int key) {
    return TestData.randomBytes(key, 300);
  }

  private static byte[] key(int key) {
    return bytes("key%05d".formatted(key));
  }

  private void withDamage(int workers, Consumer<DwarfDB> use) {
    try (TestCluster cluster = TestCluster.start("tcp", root, workers, POOL);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      for (int key = 0; key < KEYS; key++) {
        db.put(key(key), value(key));
      }
      Await.until("memtables in DM", () -> statistic(db, "memory.dm.memtables") > 4);
      cluster.damageMemory(EVERY_BYTES);
      use.accept(db);
      assertThat(statistic(db, "rebuild.memtables")).isPositive();
      checkGets(db);
    }
  }

  private static void checkGets(DwarfDB db) {
    for (int key = 0; key < KEYS; key++) {
      assertThat(db.get(key(key))).as("key%d", key).isEqualTo(value(key));
    }
  }

  @Test
  void getsAnswerFromWhatIsRebuilt() {
    withDamage(0, DamagedMemoryTest::checkGets);
  }

  @Test
  void aScanFailsTypedUntilItIsRebuilt() {
    withDamage(0, db -> Await.until("a scan succeeds", () -> isScanned(db)));
  }

  /** False if the scan said that it cannot answer now; a wrong row fails the test. */
  private static boolean isScanned(DwarfDB db) {
    int row = 0;
    try (DwarfIterator it = db.newIterator()) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        assertThat(it.key()).isEqualTo(key(row));
        assertThat(it.value()).isEqualTo(value(row));
        row++;
      }
    } catch (DwarfException e) {
      assertThat(e.kind()).isEqualTo(DwarfException.Kind.UNAVAILABLE);
      return false;
    }
    assertThat(row).isEqualTo(KEYS);
    return true;
  }

  @Test
  void theOwnersFlushWaitsForWhatIsRebuilt() {
    withDamage(0, DwarfDB::flush);
  }

  @Test
  void aWorkersFlushComesHomeAndWaits() {
    withDamage(1, DwarfDB::flush);
  }
}
