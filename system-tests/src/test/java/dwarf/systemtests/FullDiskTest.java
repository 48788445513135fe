package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system that is really full: nothing acknowledged is lost, refusals say so, and the
 * database goes on when there is room again. The disk is a tmpfs in a mount namespace of its own.
 */
class FullDiskTest {

  /** Exit status of the script where the system lets nobody mount anything. */
  private static final int CANNOT_MOUNT = 77;

  private static final String SCRIPT =
      "mount -t tmpfs -o size=32m tmpfs \"$0\" || exit "
          + CANNOT_MOUNT
          + "; for what in fill recover wait; do \"$@\" $what || exit 1; done";

  private static final int PATIENCE_SECONDS = 300;

  @TempDir Path root;

  @Test
  void aFullDiskCostsNothingThatWasAcknowledged() throws Exception {
    Path disk = Files.createDirectory(root.resolve("disk"));
    long seed = Long.getLong("dwarf.seed", new Random().nextInt(1_000_000));
    System.out.println("seed " + seed + " (repeat with -Ddwarf.seed=" + seed + ")");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                SCRIPT,
                disk.toString()));
    command.addAll(Child.command(FullDiskMain.class, disk, root.resolve("acked"), seed));
    Path output = root.resolve("output");
    Process run =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      run.destroyForcibly();
    }
    String said = Files.readString(output);
    boolean mounted = !said.startsWith("unshare:") && run.exitValue() != CANNOT_MOUNT;
    if (!mounted) {
      System.out.println("NOT RUN: this system lets nobody mount a tmpfs: " + said);
    }
    assumeTrue(mounted, said);
    assertThat(run.exitValue()).as(said).isZero();
    assertThat(said).contains("passed fill", "passed recover", "passed wait");
    assertThat(said)
        .containsPattern("refused (NO_SPACE|BUSY): .*(?i)no space left on device.*make room");
  }
}
