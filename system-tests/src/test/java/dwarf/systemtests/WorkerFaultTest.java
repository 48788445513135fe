package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.Cluster.Written;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker dies or falls silent with a task in its hands: the owner does the task, once. */
class WorkerFaultTest {

  private static final Duration TASK_LEASE = Duration.ofMillis(1500);
  private static final int WRITES = 6000;
  private static final String DATABASE = "db";

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"worker.task-taken", "worker.file-written", "worker.before-complete"})
  void aDeadWorkersTaskComesHome(String step) throws Exception {
    try (Cluster cluster = new Cluster(root, TASK_LEASE)) {
      cluster.check(
          () -> {
            cluster.startNode();
            Child worker = cluster.startWorker(step, 1);
            Child engine = cluster.openEngine(DATABASE);
            Written written = writeAll(engine);
            assertThat(worker.awaitExit()).isEqualTo(StepHalt.EXIT);
            flushAndVerify(engine, written);
            assertThat(Cluster.stat(engine, "flush.tasks.retried")).isPositive();
            Cluster.exit(engine);
            cluster.verifyReopened(DATABASE, written);
          });
    }
  }

  @Test
  void aWorkerThatWakesAfterItsLeaseChangesNothing() throws Exception {
    try (Cluster cluster = new Cluster(root, TASK_LEASE)) {
      cluster.check(
          () -> {
            cluster.startNode();
            Child worker = cluster.startPausingWorker("worker.before-complete");
            Child engine = cluster.openEngine(DATABASE);
            engine.send("write 0 " + WRITES);
            worker.await("paused");
            worker.signal("STOP");
            Written written = Cluster.collect(engine, 0, Integer.MAX_VALUE);
            flushAndVerify(engine, written);
            assertThat(Cluster.stat(engine, "flush.tasks.retried")).isPositive();
            worker.send("go");
            worker.signal("CONT");
            worker.await("step worker.refused");
            Cluster.verify(engine, written);
            Cluster.exit(engine);
            cluster.verifyReopened(DATABASE, written);
          });
    }
  }

  private static Written writeAll(Child engine) throws InterruptedException {
    Written written = Cluster.write(engine, 0, WRITES);
    assertThat(written).isEqualTo(new Written(WRITES, WRITES));
    return written;
  }

  private static void flushAndVerify(Child engine, Written written) throws InterruptedException {
    Cluster.verify(engine, written);
    Cluster.flush(engine);
    Cluster.verify(engine, written);
  }
}
