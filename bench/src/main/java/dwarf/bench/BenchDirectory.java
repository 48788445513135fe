package dwarf.bench;

import dwarf.base.DwarfException;
import dwarf.base.FileTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the database of a run lies. db_bench destroys whatever is in its directory; here only what
 * this tool has made, known by a mark in it, is ever removed.
 */
final class BenchDirectory implements AutoCloseable {

  private static final String MARK = "MADE-BY-DWARF-BENCH";

  private final Path path;

  /** Of a directory made for this run: what holds the database. */
  private final Path temporary;

  /**
   * @param wanted null: a temporary one
   */
  BenchDirectory(Path wanted) {
    try {
      temporary = wanted == null ? Files.createTempDirectory("dwarf-bench") : null;
    } catch (IOException e) {
      throw DwarfException.io("cannot create a temporary directory: " + e, e);
    }
    path = wanted == null ? temporary.resolve("db") : wanted;
  }

  Path path() {
    return path;
  }

  /** Makes it an empty directory. */
  void empty() {
    try {
      if (Files.exists(path) && !isEmpty(path)) {
        if (!Files.exists(path.resolve(MARK))) {
          throw DwarfException.invalid(
              path
                  + " holds something that bench has not made and will not remove: name another"
                  + " --db, or measure what is there with --use_existing_db");
        }
        FileTree.remove(path);
      }
      Files.createDirectories(path);
    } catch (IOException e) {
      throw DwarfException.io("cannot empty " + path + ": " + e, e);
    }
  }

  /** Says that what is there now may be removed. After the open, for that wants an empty place. */
  void mark() {
    try {
      Files.createFile(path.resolve(MARK));
    } catch (IOException e) {
      throw DwarfException.io("cannot mark " + path + ": " + e, e);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  /** Removes it if it was made for this run. */
  @Override
  public void close() {
    if (temporary != null) {
      FileTree.remove(temporary);
    }
  }
}
