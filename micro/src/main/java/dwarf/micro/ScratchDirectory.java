package dwarf.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for one trial, below the working directory so that it is on a real disk. */
final class ScratchDirectory {

  private ScratchDirectory() {}

  static Path create() throws IOException {
    return Files.createTempDirectory(Path.of("").toAbsolutePath(), "dwarf-micro");
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(ScratchDirectory::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
