package dwarf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemons as processes of their own. */
class DaemonTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC");

  @TempDir Path directory;

  @Test
  void daemonsSayWhenTheyAreReadyAndStopCleanly() {
    try (Children children = new Children(DwarfCli.class, directory)) {
      ChildProcess node =
          children.start(
              "node", SMALL, List.of("memory-node", "--listen", "127.0.0.1:0", "--pool", "16MiB"));
      String ready = node.receive(PATIENCE);
      assertThat(ready).matches("memory-node ready on tcp://127\\.0\\.0\\.1:[1-9][0-9]*, .*16.*");
      String address = ready.replaceAll(".*on (tcp://[^,]*),.*", "$1");

      ChildProcess worker =
          children.start(
              "worker",
              SMALL,
              List.of(
                  "worker",
                  "--memory-node",
                  address,
                  "--storage",
                  directory.toString(),
                  "--slots",
                  "2",
                  "--name",
                  "w"));
      assertThat(worker.receive(PATIENCE)).startsWith("worker ready: w with 2 slots for tcp://");
      assertThat(worker.stop()).isZero();
      assertThat(node.stop()).isZero();
    }
  }

  @Test
  void daemonsMeetInSharedMemoryByNameAlone() {
    String address = "shm://daemons-" + UUID.randomUUID();
    try (Children children = new Children(DwarfCli.class, directory)) {
      ChildProcess node =
          children.start(
              "node", SMALL, List.of("memory-node", "--listen", address, "--pool", "16MiB"));
      assertThat(node.receive(PATIENCE)).startsWith("memory-node ready on " + address + ",");
      ChildProcess worker =
          children.start(
              "worker",
              SMALL,
              List.of("worker", "--memory-node", address, "--storage", directory.toString()));
      assertThat(worker.receive(PATIENCE)).startsWith("worker ready: ").contains(address);
      assertThat(worker.stop()).isZero();
      assertThat(node.stop()).isZero();
    }
  }

  @Test
  void aMemoryNodeDoesNotListenToTheWorldUnlessTold() {
    CliRun run = CliRun.of("memory-node", "--listen", "0.0.0.0:0", "--pool", "16MiB");
    assertThat(run.status()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("insecure");
  }

  @Test
  void wrongOptionsAreExplained() {
    assertThat(CliRun.of("memory-node", "--listen", "127.0.0.1", "--pool", "1G").err())
        .contains("the port is missing");
    assertThat(CliRun.of("memory-node", "--listen", "127.0.0.1:0", "--pool", "lots").status())
        .isEqualTo(ExitCodes.USAGE);
    Path none = directory.resolve("none");
    CliRun worker = CliRun.of("worker", "--memory-node", "127.0.0.1:1", "--storage", none);
    assertThat(worker.status()).isEqualTo(ExitCodes.FAILED);
    assertThat(worker.err()).contains("none").contains("not a directory");
  }

  @Test
  void aDaemonEndsWithItsParent() {
    try (Children children = new Children(DwarfCli.class, directory)) {
      ChildProcess node =
          children.start(
              "node",
              SMALL,
              List.of(
                  "memory-node",
                  "--listen",
                  "127.0.0.1:0",
                  "--pool",
                  "16MiB",
                  "--exit-with-parent"));
      node.receive(PATIENCE);
      node.endInput();
      assertThatThrownBy(() -> node.receive(PATIENCE)).hasMessageContaining("exit status 0");
    }
  }
}
