package dwarf.engine;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operation streams against a sorted map, over random configurations and both transports. A
 * failure names its seed; replay it alone with {@code -Ddwarf.seed=N}.
 */
class ModelTest {

  private static final int CONFIGURATIONS = 20;
  private static final int OPERATIONS = 1000;

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
  void behavesLikeSortedMap(long seed) throws Exception {
    ModelConfig config = ModelConfig.random(seed);
    System.out.println("seed " + seed + ": " + config);
    try (ModelRun run = new ModelRun(directory, config, seed)) {
      for (int i = 0; i < OPERATIONS; i++) {
        run.step();
      }
      run.compareEverything();
      run.reopen();
      run.compareEverything();
    } catch (Throwable failure) {
      throw new AssertionError(
          "seed " + seed + ", " + config + ": replay with -Ddwarf.seed=" + seed, failure);
    }
  }
}
