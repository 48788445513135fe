package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.Cluster.Written;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine dies at each step of a memtable's way; what it had acknowledged is there again. */
class EngineFaultTest {

  private static final int WRITES = 6000;

  @TempDir static Path root;
  private static Cluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster = new Cluster(root, Duration.ofSeconds(10));
    cluster.check(
        () -> {
          cluster.startNode();
          cluster.startWorker();
        });
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "offload.allocated, 1",
    "offload.shipped, 6",
    "offload.sealed, 2",
    "offload.installed, 4",
    "flush.placed, 2",
    "install.verified, 1",
    "install.marker-written, 2",
    "install.ingested, 2",
    "install.published, 2",
    "install.log-trimmed, 1"
  })
  void acknowledgedWritesOutliveTheEngine(String step, int occurrence) {
    cluster.check(
        () -> {
          String database = step + "-" + occurrence;
          Child engine = cluster.startEngine(database, step, occurrence);
          cluster.verifyReopened(database, writeUntilItDies(engine));
        });
  }

  /** With no worker the owner writes the files itself. */
  @Test
  void acknowledgedWritesOutliveAnEngineThatFlushesItself(@TempDir Path alone) throws Exception {
    try (Cluster noWorkers = new Cluster(alone, Duration.ofSeconds(10))) {
      noWorkers.check(
          () -> {
            noWorkers.startNode();
            Child engine = noWorkers.startEngine("db", "flush.file-written", 2);
            noWorkers.verifyReopened("db", writeUntilItDies(engine));
          });
    }
  }

  private static Written writeUntilItDies(Child engine) throws InterruptedException {
    engine.await("ready");
    Written written = Cluster.write(engine, 0, WRITES);
    if (written.tried() == written.acked()) {
      engine.send("flush");
    }
    assertThat(engine.awaitExit()).isEqualTo(StepHalt.EXIT);
    return written;
  }
}
