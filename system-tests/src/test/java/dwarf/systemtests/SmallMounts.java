package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Small file systems in memory, for a process that fills them up; in a mount namespace of its own,
 * so nobody else sees them and they end with it. Where the system lets nobody mount anything, the
 * test is skipped, loudly.
 */
final class SmallMounts {

  private static final int CANNOT_MOUNT = 77;
  private static final int PATIENCE_SECONDS = 300;

  private final List<String> paths = new ArrayList<>();
  private final StringBuilder script = new StringBuilder();

  /** One more; the options are those of a tmpfs. */
  SmallMounts with(Path path, String options) throws IOException {
    paths.add(Files.createDirectory(path).toString());
    script
        .append("mount -t tmpfs -o ")
        .append(options)
        .append(" tmpfs \"$1\" || exit ")
        .append(CANNOT_MOUNT)
        .append("; shift; ");
    return this;
  }

  /** Runs the command with all of them, and returns what it said when it has ended well. */
  String run(Path output, List<String> command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount"));
    all.addAll(List.of("sh", "-c", script + "exec \"$@\"", "sh"));
    all.addAll(paths);
    all.addAll(command);
    Process run =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile()).start();
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
    return said;
  }
}
