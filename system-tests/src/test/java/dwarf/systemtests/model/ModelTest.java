package dwarf.systemtests.model;

import dwarf.systemtests.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operation streams against a sorted map, over random configurations and all transports. A
 * failure names its seed; replay it alone with {@code -Ddwarf.seed=N}.
 */
class ModelTest {

  private static final int CONFIGURATIONS = Integer.getInteger("dwarf.model.configurations", 20);
  private static final int OPERATIONS = 800;
  private static final Duration TASK_LEASE = Duration.ofSeconds(10);

  @TempDir Path directory;

  static Stream<Long> seeds() {
    String replay = System.getProperty("dwarf.seed");
    long base = new Random().nextInt(1_000_000);
    return replay != null
        ? Stream.of(Long.parseLong(replay))
        : LongStream.range(0, CONFIGURATIONS).mapToObj(i -> base * 100 + i);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void behavesLikeSortedMap(long seed) {
    ModelConfig config = ModelConfig.random(seed);
    System.out.println("seed " + seed + ": " + config);
    try (Cluster cluster = new Cluster(directory, TASK_LEASE, config.nodeTransport())) {
      cluster.check(() -> run(seed, config, cluster));
    } catch (AssertionError failure) {
      throw new AssertionError(
          "seed " + seed + ", " + config + ": replay with -Ddwarf.seed=" + seed, failure);
    }
  }

  private void run(long seed, ModelConfig config, Cluster cluster) throws Exception {
    if (!config.isEmbedded()) {
      cluster.startNode();
      for (int i = 0; i < config.workers(); i++) {
        cluster.startWorker();
      }
    }
    try (ModelRun run = new ModelRun(directory, config, seed, cluster)) {
      for (int i = 0; i < OPERATIONS; i++) {
        run.step();
      }
      run.compareEverything();
      run.reopen();
      run.compareEverything();
    }
  }
}
