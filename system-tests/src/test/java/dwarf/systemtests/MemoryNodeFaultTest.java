package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dwarf.systemtests.Cluster.Written;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The memory node dies and takes every memtable it holds with it; the engine, which is not
 * restarted, rebuilds them from its WAL and goes on, with or without a new memory node.
 */
class MemoryNodeFaultTest {

  private static final Duration TASK_LEASE = Duration.ofSeconds(10);
  private static final int BEFORE = 3000;
  private static final int AFTER = 6000;
  private static final String PLAIN_KILL = StepHalt.NEVER;

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource({
    "tcp, memory-node.allocated, 3, true",
    "tcp, memory-node.sealed, 2, true",
    "tcp, memory-node.sealed, 2, false",
    "tcp, " + PLAIN_KILL + ", 1, true",
    "tcp, " + PLAIN_KILL + ", 1, false",
    "shm, memory-node.sealed, 2, true",
    "shm, " + PLAIN_KILL + ", 1, true",
    "shm, " + PLAIN_KILL + ", 1, false",
    "ucx, memory-node.sealed, 2, true",
    "ucx, " + PLAIN_KILL + ", 1, true",
    "ucx, " + PLAIN_KILL + ", 1, false"
  })
  void theEngineGoesOn(String transport, String step, int occurrence, boolean restart)
      throws Exception {
    assumeTrue(Transports.isThere(transport), "UCX is not installed");
    try (Cluster cluster = new Cluster(root, TASK_LEASE, transport)) {
      cluster.check(
          () -> {
            Child node = cluster.startNode(step, occurrence);
            Child engine = cluster.openEngine("db");
            engine.send("write 0 " + BEFORE);
            Written written = Cluster.collect(engine, 0, BEFORE);
            if (step.equals(PLAIN_KILL)) {
              node.kill();
            }
            assertThat(node.awaitExit()).isEqualTo(StepHalt.EXIT);
            if (restart) {
              cluster.startNode();
            }
            engine.await("written");
            Cluster.verify(engine, written);
            written = Cluster.write(engine, BEFORE, AFTER);
            Cluster.verify(engine, written);
            Cluster.flush(engine);
            Cluster.verify(engine, written);
            Cluster.exit(engine);
            if (restart) {
              cluster.verifyReopened("db", written);
            }
          });
    }
  }
}
