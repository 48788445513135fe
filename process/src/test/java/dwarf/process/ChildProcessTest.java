package dwarf.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void linesGoBothWaysAndClosingTheSetReapsTheChild() {
    ChildProcess child;
    try (Children children = new Children(TestChild.class, directory)) {
      child = children.start("echo", List.of(), List.of("echo"));
      child.send("one");
      child.send("two");
      assertThat(child.receive(PATIENCE)).isEqualTo("echo one");
      assertThat(child.receive(PATIENCE)).isEqualTo("echo two");
      assertThat(ProcessMemory.resident(child.pid()).orElse(0)).isGreaterThan(1 << 20);
    }
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aDaemonStopsCleanlyOnSigterm() {
    try (Children children = new Children(TestChild.class, directory)) {
      ChildProcess daemon = children.start("daemon", List.of(), List.of("daemon"));
      assertThat(daemon.receive(PATIENCE)).isEqualTo("ready");
      assertThat(daemon.stop()).isZero();
      assertThat(daemon.receive(PATIENCE)).isEqualTo("closed");
    }
  }

  @Test
  void aKilledChildIsReportedAsEnded() {
    try (Children children = new Children(TestChild.class, directory)) {
      ChildProcess daemon = children.start("daemon", List.of(), List.of("daemon"));
      assertThat(daemon.receive(PATIENCE)).isEqualTo("ready");
      daemon.kill();
      assertThatThrownBy(() -> daemon.receive(PATIENCE))
          .isInstanceOf(DwarfException.class)
          .hasMessageContaining("daemon ended");
      assertThat(daemon.isAlive()).isFalse();
    }
  }

  @Test
  void theLogOfAFailedChildIsInTheMessage() {
    try (Children children = new Children(TestChild.class, directory)) {
      ChildProcess child = children.start("failing", List.of(), List.of("fail"));
      assertThatThrownBy(() -> child.receive(PATIENCE))
          .hasMessageContaining("exit status 7")
          .hasMessageContaining("the reason");
    }
  }
}
