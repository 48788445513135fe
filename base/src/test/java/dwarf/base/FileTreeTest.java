package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

  @TempDir Path directory;

  @Test
  void removesATreeButNotWhatLinksPointTo() throws IOException {
    Path kept = Files.createDirectories(directory.resolve("kept"));
    Files.writeString(kept.resolve("thesis"), "years of work");
    Path tree = Files.createDirectories(directory.resolve("tree/a/b"));
    Files.writeString(tree.resolve("file"), "x");
    Files.createSymbolicLink(tree.resolve("link"), kept);
    FileTree.remove(directory.resolve("tree"));
    assertThat(directory.resolve("tree")).doesNotExist();
    assertThat(kept.resolve("thesis")).exists();
  }

  @Test
  void whatIsNotThereIsRemovedAlready() {
    FileTree.remove(directory.resolve("nothing"));
    assertThat(directory).exists();
  }

  @Test
  void whatCannotBeRemovedIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> FileTree.remove(Path.of("/proc/self/fd")))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("/proc/self/fd");
  }
}
