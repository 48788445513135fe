package dwarf.fabric.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RendezvousTest {

  @TempDir Path root;

  private static void refused(Path directory) {
    assertThatThrownBy(() -> Rendezvous.at(directory))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT))
        .hasMessageContaining(directory.toString());
  }

  @Test
  void theDirectoryIsMadeForItsOwnerAlone() throws IOException {
    Path directory = root.resolve("a").resolve("b");
    assertThat(Rendezvous.at(directory).directory()).isEqualTo(directory);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(Rendezvous.at(directory).socketFile("n")).isEqualTo(directory.resolve("n.sock"));
  }

  @Test
  void adirectoryOpenToOthersIsRefused() throws IOException {
    Path open = Files.createDirectory(root.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));
    refused(open);
  }

  @Test
  void aFileAndALinkAreNoDirectory() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    refused(file);
    Path real = Rendezvous.at(root.resolve("real")).directory();
    refused(Files.createSymbolicLink(root.resolve("link"), real));
  }

  @Test
  void aPathTooLongForASocketIsRefused() {
    Rendezvous here = Rendezvous.at(root.resolve("x"));
    assertThatThrownBy(() -> here.socketFile("n".repeat(120))).hasMessageContaining("107 bytes");
  }
}
