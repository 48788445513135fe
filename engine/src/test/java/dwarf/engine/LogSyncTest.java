package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full log segment becomes durable by itself: no writer has to pay for it later. */
class LogSyncTest {

  private static final int VALUE_BYTES = 1000;

  @TempDir Path root;

  @Test
  void aFullSegmentIsSyncedThoughNobodyAsks() {
    try (TestCluster cluster = TestCluster.start("inside", root, 0, 0);
        DwarfDB db =
            DwarfDB.open(
                root.resolve("db"),
                TestData.keepInDm(cluster, root)
                    .setWriteBufferSize(1 << 20)
                    .setMaxWriteBufferNumber(16))) {
      int written = 0;
      while (statistic(db, "memtables.sealed") < 2) {
        db.put(bytes("key" + written), TestData.randomBytes(written, VALUE_BYTES));
        written++;
      }
      Await.until("the full segments are durable", () -> statistic(db, "wal.durable.sequence") > 0);
      assertThat(statistic(db, "wal.durable.sequence")).isLessThan(written);
      assertThat(statistic(db, "memtables.local.frozen")).as("nobody else synced").isEqualTo(2);
    }
  }
}
