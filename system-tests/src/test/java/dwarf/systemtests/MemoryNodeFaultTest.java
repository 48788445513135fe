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
 * The memory node dies and takes every memtable it holds with it; the engine, which is not
 * restarted, rebuilds them from its WAL and goes on, with or without a new memory node. Again and
 * again, in one way after the other.
 */
@Execution(ExecutionMode.CONCURRENT)
class MemoryNodeFaultTest {

  private static final Duration TASK_LEASE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WRITES = 3000;
  private static final String PLAIN_KILL = StepHalt.NEVER;

  private record Fault(String step, int occurrence, boolean restart) {}

  private static final List<Fault> FAULTS =
      List.of(
          new Fault("memory-node.allocated", 3, true),
          new Fault("memory-node.sealed", 2, true),
          new Fault("memory-node.sealed", 2, false),
          new Fault(PLAIN_KILL, 1, true),
          new Fault(PLAIN_KILL, 1, false));

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource
  void theEngineGoesOn(Transport transport) {
    transport.assumeThere();
    try (Cluster cluster = new Cluster(root, TASK_LEASE, transport)) {
      cluster.check(
          () -> {
            cluster.startNode();
            Child engine = cluster.openEngine("db");
            Written written = new Written(0, 0);
            for (Fault fault : FAULTS) {
              written = useNode(engine, written);
              written = dieAndGoOn(cluster, engine, written, fault);
              if (!fault.restart) {
                cluster.startNode();
              }
            }
            Cluster.exit(engine);
            cluster.verifyReopened("db", written);
          });
    }
  }

  /** Writes until a memtable has been shipped: after a while without node that takes some time. */
  private static Written useNode(Child engine, Written before) throws InterruptedException {
    long shipped = Cluster.stat(engine, "offload.memtables");
    long end = System.nanoTime() + PATIENCE.toNanos();
    Written written = before;
    do {
      assertThat(System.nanoTime()).as("memtables are shipped").isLessThan(end);
      written = Cluster.write(engine, written.acked(), written.acked() + WRITES);
    } while (Cluster.stat(engine, "offload.memtables") == shipped);
    return written;
  }

  private static Written dieAndGoOn(Cluster cluster, Child engine, Written before, Fault fault)
      throws InterruptedException {
    Child node = cluster.node();
    Cluster.arm(node, fault.step, fault.occurrence);
    int from = before.acked();
    engine.send("write " + from + " " + (from + WRITES));
    Written written = Cluster.collect(engine, from, from + WRITES);
    if (fault.step.equals(PLAIN_KILL)) {
      node.kill();
    }
    assertThat(node.awaitExit()).as("death at %s", fault).isEqualTo(StepHalt.EXIT);
    if (fault.restart) {
      cluster.startNode();
    }
    engine.await("written");
    Cluster.verify(engine, written);
    written = Cluster.write(engine, written.acked(), written.acked() + WRITES);
    Cluster.verify(engine, written);
    Cluster.flush(engine);
    Cluster.verify(engine, written);
    return written;
  }
}
