package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.Cluster.Written;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any of the three processes is killed at any moment, again and again, under one database. */
@Execution(ExecutionMode.CONCURRENT)
class KillSoakTest {

  private static final int ROUNDS = Integer.getInteger("dwarf.soak.rounds", 6);
  private static final int MAX_WRITES = 3000;
  private static final Duration TASK_LEASE = Duration.ofMillis(1500);

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource
  void acknowledgedWritesOutliveRandomKills(Transport transport) throws Exception {
    transport.assumeThere();
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    try (Cluster cluster = new Cluster(root, TASK_LEASE, transport)) {
      try {
        cluster.check(() -> soak(cluster, new Random(seed)));
      } catch (AssertionError e) {
        throw new AssertionError("-Ddwarf.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static void soak(Cluster cluster, Random random) throws Exception {
    cluster.startNode();
    Child worker = cluster.startWorker();
    Written written = new Written(0, 0);
    Child engine = cluster.openEngine("db");
    for (int round = 0; round < ROUNDS; round++) {
      int from = written.acked();
      int goal = from + MAX_WRITES;
      engine.send("write " + from + " " + goal);
      Written partly = Cluster.collect(engine, from, from + 1 + random.nextInt(MAX_WRITES - 1));
      switch (random.nextInt(3)) {
        case 0 -> {
          engine.kill();
          written = Cluster.collect(engine, partly.acked(), Integer.MAX_VALUE);
          engine = cluster.openEngine("db");
        }
        case 1 -> {
          cluster.node().kill();
          cluster.startNode();
          written = Cluster.collect(engine, partly.acked(), Integer.MAX_VALUE);
          assertThat(written.acked()).isEqualTo(goal);
        }
        default -> {
          worker.kill();
          worker = cluster.startWorker();
          written = Cluster.collect(engine, partly.acked(), Integer.MAX_VALUE);
          assertThat(written.acked()).isEqualTo(goal);
        }
      }
      Cluster.verify(engine, written);
    }
    Cluster.flush(engine);
    Cluster.verify(engine, written);
    Cluster.exit(engine);
    cluster.verifyReopened("db", written);
  }
}
