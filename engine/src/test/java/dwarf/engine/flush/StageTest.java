package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dwarf.base.DwarfException;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {

  /** In memory on most Linux systems, the temporary directory is not. */
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");

  @TempDir Path root;

  private static Stage stage(Path directory) {
    return new Stage(directory, directory, new Stage.Identity(UUID.randomUUID(), 1, 1));
  }

  private SstStore store() {
    return SstStore.open(
        root.resolve("rocks"), StoreOptions.createIfMissing(RocksOptions.defaults()));
  }

  @Test
  void aStageBesideTheDatabaseIsReadyForFiles() throws IOException {
    Path directory = Files.createDirectory(root.resolve("stage"));
    try (SstStore store = store()) {
      Stage stage = stage(directory);
      stage.prepare(store);
      assertThat(directory).isDirectoryContaining(file -> file.equals(stage.options()));
    }
  }

  @Test
  void aStageOnAnotherFileSystemIsRefused() throws IOException {
    assumeTrue(
        Files.isWritable(OTHER_FILE_SYSTEM)
            && !Files.getFileStore(OTHER_FILE_SYSTEM).equals(Files.getFileStore(root)));
    Path elsewhere = Files.createTempDirectory(OTHER_FILE_SYSTEM, "dwarf-test");
    try (SstStore store = store()) {
      assertThatThrownBy(() -> stage(elsewhere).prepare(store))
          .isInstanceOf(DwarfException.class)
          .hasMessageContaining(elsewhere.toString())
          .hasMessageContaining("one file system");
      assertThat(elsewhere).as("the probe is removed").isEmptyDirectory();
    } finally {
      Files.delete(elsewhere);
    }
  }
}
