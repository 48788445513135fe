package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.Cluster.Written;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker dies or falls silent with a task in its hands: the owner does the task, once. One worker
 * after the other, under one engine.
 */
@Execution(ExecutionMode.CONCURRENT)
class WorkerFaultTest {

  private static final Duration TASK_LEASE = Duration.ofMillis(1500);
  private static final int WRITES = 6000;
  private static final String DATABASE = "db";
  private static final List<String> STEPS =
      List.of("worker.task-taken", "worker.file-written", "worker.before-complete");

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource
  void aLostWorkersTaskComesHome(Transport transport) {
    transport.assumeThere();
    try (Cluster cluster = new Cluster(root, TASK_LEASE, transport)) {
      cluster.check(
          () -> {
            cluster.startNode();
            Child engine = cluster.openEngine(DATABASE);
            int acked = 0;
            for (String step : STEPS) {
              workerDies(cluster, engine, step, acked);
              acked += WRITES;
            }
            Written written = workerWakesAfterItsLease(cluster, engine, acked);
            Cluster.exit(engine);
            cluster.verifyReopened(DATABASE, written);
          });
    }
  }

  private static void workerDies(Cluster cluster, Child engine, String step, int from)
      throws InterruptedException {
    long before = retried(engine);
    Child worker = cluster.startWorker(step, 1);
    Written written = Cluster.write(engine, from, from + WRITES);
    assertThat(worker.awaitExit()).as(step).isEqualTo(StepHalt.EXIT);
    flushAndVerify(engine, written, from + WRITES);
    assertThat(retried(engine)).as("retried after %s", step).isGreaterThan(before);
  }

  private static Written workerWakesAfterItsLease(Cluster cluster, Child engine, int from)
      throws Exception {
    long before = retried(engine);
    Child worker = cluster.startPausingWorker("worker.before-complete");
    engine.send("write " + from + " " + (from + WRITES));
    worker.await("paused");
    worker.signal("STOP");
    Written written = Cluster.collect(engine, from, Integer.MAX_VALUE);
    flushAndVerify(engine, written, from + WRITES);
    assertThat(retried(engine)).as("retried after a pause").isGreaterThan(before);
    worker.send("go");
    worker.signal("CONT");
    worker.await("step worker.refused");
    Cluster.verify(engine, written);
    return written;
  }

  private static void flushAndVerify(Child engine, Written written, int goal)
      throws InterruptedException {
    assertThat(written).isEqualTo(new Written(goal, goal));
    Cluster.verify(engine, written);
    Cluster.flush(engine);
    Cluster.verify(engine, written);
  }

  private static long retried(Child engine) throws InterruptedException {
    return Cluster.stat(engine, "flush.tasks.retried");
  }
}
