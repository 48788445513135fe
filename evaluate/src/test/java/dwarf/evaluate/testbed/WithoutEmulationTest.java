package dwarf.evaluate.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.evaluate.testbed.Emulation.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that allows neither quotas nor mounts: everything runs, and the testbed says so. */
class WithoutEmulationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path working;

  private Testbed open(Optional<Path> bindfs) {
    MountTable none = new MountTable(working.resolve("none"));
    return Testbed.open(TestMain.class, working, new Machine(none, new GroupFiles(), bindfs));
  }

  @Test
  void processesRunOnTheBackingDirectoryAndTheirTimeIsAsked() {
    try (Testbed testbed = open(Optional.empty())) {
      Node node = testbed.node(new NodeSpec("n", 0.1, 1_000_000));
      assertThat(node.storage()).isEqualTo(testbed.backing());
      assertThat(node.storagePath().isMount()).isFalse();
      assertThat(node.storagePath().bytesWritten()).isEmpty();
      assertThat(node.storagePath().bytesRead()).isEmpty();
      String nanos = Long.toString(Duration.ofMillis(600).toNanos());
      NodeProcess process = node.start("spin", List.of("-Xmx64m"), List.of("spin", nanos));
      process.child().receive(PATIENCE);
      process.child().close();
      assertThat(node.cpu()).isGreaterThan(Duration.ofMillis(300));
      assertThat(node.cpu()).isEqualTo(node.cpu());
    }
  }

  @Test
  void whatIsMissingIsSaidWithTheReasonAndTheRemedy() {
    try (Testbed testbed = open(Optional.empty())) {
      assertThat(testbed.emulation())
          .filteredOn(each -> each.status() == Status.MISSING)
          .extracting(Emulation::subject)
          .containsExactly("cpu", "storage", "network");
      assertThat(text(testbed, "storage")).contains("bindfs is not installed", "apt-get install");
    }
  }

  @Test
  void aBindfsThatFailsIsQuoted() throws IOException {
    Path failing = working.resolve("bindfs");
    Files.writeString(failing, "#!/bin/sh\necho 'fuse: device not found' >&2\nexit 1\n");
    Files.setPosixFilePermissions(failing, PosixFilePermissions.fromString("rwx------"));
    try (Testbed testbed = open(Optional.of(failing))) {
      assertThat(text(testbed, "storage")).contains("fuse: device not found", "--device /dev/fuse");
      assertThat(testbed.node(new NodeSpec("n", 1, 1_000_000)).storage())
          .isEqualTo(testbed.backing());
    }
  }

  @Test
  void aNodeIsMadeOnceAndNotAfterTheEnd() {
    Testbed testbed = open(Optional.empty());
    NodeSpec spec = new NodeSpec("n", 1, 1);
    testbed.node(spec);
    assertThatThrownBy(() -> testbed.node(spec)).hasMessageContaining("already");
    testbed.close();
    testbed.close();
    assertThatThrownBy(() -> testbed.node(new NodeSpec("m", 1, 1)))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aNodeThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new NodeSpec("a/b", 1, 1)).hasMessageContaining("node name 'a/b'");
    assertThatThrownBy(() -> new NodeSpec("a", 0.01, 1)).hasMessageContaining("0.05");
    assertThatThrownBy(() -> new NodeSpec("a", Double.NaN, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new NodeSpec("a", 1, 0)).hasMessageContaining("0 bytes");
  }

  @Test
  void aDirectoryIsNotDeletedThroughAMount() throws IOException {
    RunName run = RunName.next();
    TestbedDirectory directory = TestbedDirectory.create(working, run);
    Path inside = Files.writeString(directory.mounts().resolve("precious"), "data");
    String line = "1 1 0:1 / " + directory.mounts().resolve("n") + " rw - fuse x rw";
    Path file = Files.writeString(working.resolve("mountinfo"), line + "\n");
    assertThatThrownBy(() -> directory.remove(new MountTable(file)))
        .hasMessageContaining("still mounted");
    assertThat(inside).exists();
    directory.remove(new MountTable(working.resolve("none")));
    assertThat(directory.root()).doesNotExist();
  }

  @Test
  void theCommandLineIsQuotedForAShell() {
    NodeProcess process =
        new NodeProcess(
            null,
            List.of(),
            List.of("bench", "--db=/a b/it's", "--stage_signals=true", "--exit-with-parent"));
    assertThat(process.commandLine()).isEqualTo("./dwarf bench '--db=/a b/it'\\''s'");
  }

  private static String text(Testbed testbed, String subject) {
    return testbed.emulation().stream()
        .filter(each -> each.subject().equals(subject))
        .map(Emulation::text)
        .findFirst()
        .orElseThrow();
  }
}
