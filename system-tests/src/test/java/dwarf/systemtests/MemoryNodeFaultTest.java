package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

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
    "TCP, memory-node.allocated, 3, true",
    "TCP, memory-node.sealed, 2, true",
    "TCP, memory-node.sealed, 2, false",
    "TCP, " + PLAIN_KILL + ", 1, true",
    "TCP, " + PLAIN_KILL + ", 1, false",
    "SHM, memory-node.allocated, 3, true",
    "SHM, memory-node.sealed, 2, true",
    "SHM, memory-node.sealed, 2, false",
    "SHM, " + PLAIN_KILL + ", 1, true",
    "SHM, " + PLAIN_KILL + ", 1, false",
    "UCX_TCP, memory-node.allocated, 3, true",
    "UCX_TCP, memory-node.sealed, 2, true",
    "UCX_TCP, memory-node.sealed, 2, false",
    "UCX_TCP, " + PLAIN_KILL + ", 1, true",
    "UCX_TCP, " + PLAIN_KILL + ", 1, false",
    "UCX_SHM, memory-node.allocated, 3, true",
    "UCX_SHM, memory-node.sealed, 2, true",
    "UCX_SHM, memory-node.sealed, 2, false",
    "UCX_SHM, " + PLAIN_KILL + ", 1, true",
    "UCX_SHM, " + PLAIN_KILL + ", 1, false"
  })
  void theEngineGoesOn(Transport transport, String step, int occurrence, boolean restart)
      throws Exception {
    transport.assumeThere();
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
