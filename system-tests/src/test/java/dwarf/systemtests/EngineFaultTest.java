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
 * The engine dies at each step of a memtable's way; what it had acknowledged is there again. Who
 * finds it there is the engine that dies at the next step, which saves half of the processes and
 * lets each death meet what the one before has left.
 */
@Execution(ExecutionMode.CONCURRENT)
class EngineFaultTest {

  private static final int WRITES = 6000;
  private static final String DATABASE = "db";

  private record Fault(String step, int occurrence) {}

  private static final List<Fault> FAULTS =
      List.of(
          new Fault("install.verified", 1),
          new Fault("offload.allocated", 1),
          new Fault("offload.shipped", 6),
          new Fault("offload.sealed", 2),
          new Fault("offload.installed", 4),
          new Fault("flush.placed", 2),
          new Fault("install.marker-written", 2),
          new Fault("install.ingested", 2),
          new Fault("install.published", 2),
          new Fault("install.log-trimmed", 1));

  /** With no worker the owner writes the files itself. */
  private static final Fault WITHOUT_WORKER = new Fault("flush.file-written", 2);

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource
  void acknowledgedWritesOutliveTheEngine(Transport transport) {
    transport.assumeThere();
    try (Cluster cluster = new Cluster(root, Duration.ofSeconds(10), transport)) {
      cluster.check(
          () -> {
            cluster.startNode();
            Child worker = cluster.startWorker();
            Written written = new Written(0, 0);
            for (Fault fault : FAULTS) {
              written = recoverAndDie(cluster, written, fault);
            }
            worker.kill();
            written = recoverAndDie(cluster, written, WITHOUT_WORKER);
            cluster.verifyReopened(DATABASE, written);
          });
    }
  }

  /** A fresh engine finds what was written before, goes on, and dies at that step. */
  private static Written recoverAndDie(Cluster cluster, Written before, Fault fault)
      throws InterruptedException {
    Child engine = cluster.openEngine(DATABASE);
    Cluster.verify(engine, before);
    Cluster.flush(engine);
    Cluster.verify(engine, before);
    Cluster.arm(engine, fault.step, fault.occurrence);
    Written written = Cluster.write(engine, before.acked(), before.acked() + WRITES);
    if (written.tried() == written.acked()) {
      engine.send("flush");
    }
    assertThat(engine.awaitExit()).as("death at %s", fault).isEqualTo(StepHalt.EXIT);
    return written;
  }
}
