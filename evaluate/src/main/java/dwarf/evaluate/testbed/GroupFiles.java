package dwarf.evaluate.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file operations by which the kernel is told about control groups. Making and removing a
 * directory are not what they are in a file system: the kernel fills a new group with control
 * files, and removes them with the group. A test puts something in the place of this that does so
 * too.
 */
class GroupFiles {

  void make(Path group) throws IOException {
    Files.createDirectory(group);
  }

  /** Fails while a process, even one that is just ending, is in the group. */
  void remove(Path group) throws IOException {
    Files.delete(group);
  }

  /** Only files that are there: a control file that is missing must not come to be. */
  void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }

  final String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
  }
}
