package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.FillingDatabase.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real file system that is really full: nothing acknowledged is lost (nor flushed, if the log is
 * flushed by hand), refusals say so, and the database goes on when there is room again.
 */
@Execution(ExecutionMode.CONCURRENT)
class FullDiskTest {

  @TempDir Path root;

  @ParameterizedTest(name = "manual_wal_flush {0}, write buffers of {1} KiB")
  @CsvSource({"false, 256", "true, 256", "true, 2048"})
  void aFullDiskCostsNothingThatWasAcknowledged(boolean manual, int bufferKiB) throws Exception {
    fill(new Shape(FillingDatabase.EMBEDDED, manual, bufferKiB, seed()));
  }

  @ParameterizedTest
  @EnumSource
  void norWithAMemoryNode(Transport transport) throws Exception {
    transport.assumeThere();
    fill(new Shape(transport.name(), false, 256, seed()));
  }

  private static long seed() {
    long seed = Long.getLong("dwarf.seed", new Random().nextInt(1_000_000));
    System.out.println("seed " + seed + " (repeat with -Ddwarf.seed=" + seed + ")");
    return seed;
  }

  private void fill(Shape shape) throws Exception {
    Path disk = root.resolve("disk");
    Path memory = root.resolve("memory");
    List<String> command =
        Child.command(
            List.of("-Ddwarf.shm.dir=" + memory, "-Djava.io.tmpdir=" + root),
            FullDiskMain.class,
            root,
            disk,
            shape);
    String said =
        new SmallMounts()
            .with(disk, "size=32m")
            .with(memory, "size=128m,mode=700")
            .run(root.resolve("output"), command);
    System.out.println(said);
    assertThat(said).contains("passed fill", "passed recover", "passed wait");
    assertThat(said)
        .containsPattern("refused (NO_SPACE|BUSY): .*(?i)no space left on device.*make room");
    if (shape.manual()) {
      assertThat(said).containsPattern("log not flushed: .*(?i)no space left on device");
    }
  }
}
