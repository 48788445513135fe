package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.worker.Worker;
import dwarf.node.worker.WorkerConfig;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flush never waits for a worker that is not there or has no slot: the owner runs it. */
class BusyWorkersTest {

  private static final int KEYS = 1_500;

  @TempDir Path root;

  private DwarfDB open(TestCluster cluster, String name) {
    return DwarfDB.open(root.resolve(name), TestData.keepInDm(cluster, root).setMaxFlushTasks(1));
  }

  private static void fillDm(DwarfDB db) {
    for (int i = 0; i < KEYS; i++) {
      db.put(bytes("key" + i), new byte[300]);
    }
    Await.until("memtables in DM", () -> statistic(db, "memory.dm.memtables") > 0);
  }

  private static void checkFlushed(DwarfDB db) {
    assertThat(statistic(db, "memory.dm.bytes")).isZero();
    for (int i = 0; i < KEYS; i++) {
      assertThat(db.get(bytes("key" + i))).hasSize(300);
    }
  }

  @Test
  void withoutAnyWorkerTheOwnerFlushes() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 64L << 20);
        DwarfDB db = open(cluster, "db")) {
      fillDm(db);
      db.flush();
      checkFlushed(db);
      assertThat(statistic(db, "flush.tasks.remote")).isZero();
      assertThat(statistic(db, "flush.tasks.local")).isPositive();
    }
  }

  @Test
  void whenAllSlotsAreTakenTheOwnerFlushes() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 64L << 20);
        Fabric fabric = Fabrics.open("tcp");
        DwarfDB first = open(cluster, "first");
        DwarfDB second = open(cluster, "second")) {
      fillDm(first);
      fillDm(second);
      WorkerConfig config =
          WorkerConfig.of(fabric, FabricAddress.parse(cluster.address()), root, "one slot", 1)
              .withSteps(
                  step -> {
                    if (step.equals("worker.task-taken")) {
                      stuck.countDown();
                      Await.until("the worker may go on", () -> mayGoOn.getCount() == 0);
                    }
                  });
      try (Worker worker = Worker.start(config)) {
        assertThat(worker).isNotNull();
        CompletableFuture<Void> flushed = flushUntilStuck(first, stuck);
        second.flush();
        checkFlushed(second);
        assertThat(statistic(second, "flush.tasks.remote")).isZero();
        assertThat(flushed).isNotDone();
        mayGoOn.countDown();
        flushed.join();
        checkFlushed(first);
        assertThat(statistic(first, "flush.tasks.remote")).isPositive();
      } finally {
        mayGoOn.countDown();
      }
    }
  }

  /** Before, the owner ran every task for which no slot was free at once, beside its writers. */
  @Test
  void theTasksOfAJobWaitForTheOneSlotThereIs() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 0, 64L << 20);
        Fabric fabric = Fabrics.open("tcp");
        DwarfDB db = DwarfDB.open(root.resolve("db"), TestData.keepInDm(cluster, root))) {
      WorkerConfig config =
          WorkerConfig.of(fabric, FabricAddress.parse(cluster.address()), root, "one slot", 1);
      try (Worker worker = Worker.start(config)) {
        assertThat(worker).isNotNull();
        fillDm(db);
        db.flush();
        Await.until("the worker is known and had a task", () -> hasFlushedRemotely(db));
        long localBefore = statistic(db, "flush.tasks.local");
        long remoteBefore = statistic(db, "flush.tasks.remote");
        for (int times = 0; times < 6; times++) {
          fillDm(db);
        }
        Await.until("all but one in DM", () -> statistic(db, "memtables.local.frozen") == 0);
        db.flush();
        checkFlushed(db);
        assertThat(statistic(db, "flush.tasks.remote") - remoteBefore).isGreaterThan(1);
        // The active memtable, which is not in DM, is the owner's to flush.
        assertThat(statistic(db, "flush.tasks.local") - localBefore).isLessThanOrEqualTo(1);
      }
    }
  }

  private static boolean hasFlushedRemotely(DwarfDB db) {
    fillDm(db);
    db.flush();
    return statistic(db, "flush.tasks.remote") > 0;
  }

  /** The worker may not have registered when the first flush looks for one. */
  private static CompletableFuture<Void> flushUntilStuck(DwarfDB db, CountDownLatch stuck) {
    CompletableFuture<Void> flushed = CompletableFuture.runAsync(db::flush);
    Await.until(
        "a task at the worker, or flushed", () -> stuck.getCount() == 0 || flushed.isDone());
    if (stuck.getCount() == 0) {
      return flushed;
    }
    fillDm(db);
    return flushUntilStuck(db, stuck);
  }
}
