package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.process.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine where UCX does not load: there, the file that is found first is none of its. */
@Timeout(60)
class MissingLibraryTest {

  private static final Duration START = Duration.ofSeconds(50);

  @TempDir Path directory;

  @Test
  void onlyUcxIsMissingAndTheErrorSaysWhatToInstall() throws IOException {
    Files.writeString(directory.resolve("libjucx.so"), "no library");
    List<String> command = UcxChild.command(List.of(), "open");
    int path = command.indexOf("-cp") + 1;
    command.set(path, directory + File.pathSeparator + command.get(path));
    try (ChildProcess child = ChildProcess.start("ucx-open", command, directory.resolve("log"))) {
      assertThat(child.receive(START)).isEqualTo("opened tcp");
      assertThat(child.receive(START)).startsWith("NOT_SUPPORTED").contains("libucx0");
      assertThat(child.next(START)).isEmpty();
      assertThat(child.exitStatus()).isZero();
    }
  }
}
