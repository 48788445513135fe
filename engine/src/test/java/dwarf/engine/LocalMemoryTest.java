package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.randomBytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offloading a memtable gives its local memory back, and the data stays readable. */
class LocalMemoryTest {

  private static final int BUFFER = 1 << 20;
  private static final int VALUE = 1_000;

  @TempDir Path root;

  @Test
  void offloadGivesLocalMemoryBack() {
    CountDownLatch mayOffload = new CountDownLatch(1);
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 64L << 20);
        DwarfDB db =
            DwarfDB.open(
                root.resolve("db"),
                TestData.keepInDm(cluster, root)
                    .setWriteBufferSize(BUFFER)
                    .setStepListener(step -> holdOffload(step, mayOffload)))) {
      int keys = 0;
      while (statistic(db, "memory.local.bytes") < BUFFER + BUFFER / 2) {
        db.put(bytes("key" + keys), randomBytes(keys, VALUE));
        keys++;
      }
      long usedBefore = statistic(db, "memory.local.bytes");
      long residentBefore = statistic(db, "memory.local.resident.bytes");
      assertThat(statistic(db, "memory.dm.bytes")).isZero();
      mayOffload.countDown();
      Await.until("the memtable in DM", () -> statistic(db, "memory.dm.bytes") > BUFFER / 2);
      Await.until(
          "local memory given back",
          () -> statistic(db, "memory.local.bytes") <= usedBefore - BUFFER / 2);
      Await.until("send buffers freed", () -> statistic(db, "memory.send.bytes") == 0);
      for (int i = 0; i < keys; i++) {
        assertThat(db.get(bytes("key" + i))).isEqualTo(randomBytes(i, VALUE));
      }
      assertThat(statistic(db, "reads.delegated") + statistic(db, "reads.one-sided")).isPositive();
      Await.until(
          "idle pages given back to the system",
          () -> statistic(db, "memory.local.resident.bytes") <= residentBefore - BUFFER / 2);
    }
  }

  private static void holdOffload(String step, CountDownLatch until) {
    if (step.equals("offload.allocated")) {
      Await.until("the test lets the offload go on", () -> until.getCount() == 0);
    }
  }

  /** Each iterator pins about a whole budget, also that of a family that is gone. */
  @Test
  void writersNeverWaitForReaders() {
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(64 << 10)
            .setPoolSize(0)
            .setMaxWriteStall(Duration.ofSeconds(20));
    List<DwarfIterator> iterators = new ArrayList<>();
    try (DwarfDB db = DwarfDB.open(root.resolve("db"), options)) {
      long capacity = statistic(db, "memory.local.capacity.bytes");
      for (int round = 0; round < 6; round++) {
        ColumnFamilyHandle passing =
            db.createColumnFamily(new ColumnFamilyDescriptor(bytes("passing")));
        for (int i = 0; i < 120; i++) {
          db.put(
              i % 2 == 0 ? passing : db.getDefaultColumnFamily(), bytes("key" + i), value(round));
        }
        db.put(bytes("huge"), randomBytes(round, (int) capacity));
        iterators.add(db.newIterator());
        iterators.add(db.newIterator(passing));
        db.dropColumnFamily(passing);
      }
      assertThat(statistic(db, "memory.local.pinned.bytes")).isGreaterThan(2 * capacity);
      for (int i = 0; i < iterators.size(); i++) {
        DwarfIterator it = iterators.get(i);
        it.seek(bytes("key"));
        for (int rows = 0; rows < 60; rows++, it.next()) {
          assertThat(it.value()).isEqualTo(value(i / 2));
        }
        assertThat(it.isValid()).isFalse();
        it.close();
      }
      Await.until("all given back", () -> statistic(db, "memory.local.pinned.bytes") == 0);
    }
  }

  private static byte[] value(int round) {
    return randomBytes(round, VALUE);
  }

  @Test
  void localMemoryStaysWithinBudgetWhateverIsWritten() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20);
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      long capacity = statistic(db, "memory.local.capacity.bytes");
      for (int i = 0; i < 10_000; i++) {
        db.put(bytes("key" + i), randomBytes(i, VALUE));
        if (i % 100 == 0) {
          assertThat(statistic(db, "memory.local.resident.bytes")).isLessThanOrEqualTo(capacity);
        }
      }
      assertThat(statistic(db, "memory.local.freed.bytes")).isGreaterThan(30 * capacity);
      for (int i = 0; i < 10_000; i += 7) {
        assertThat(db.get(bytes("key" + i))).isEqualTo(randomBytes(i, VALUE));
      }
    }
  }
}
