package dwarf.base;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Directories with all that is in them. */
public final class FileTree {

  /** Whoever keeps writing into what is being removed is not waited for. */
  private static final int MOST_TRIES = 5;

  private FileTree() {}

  /**
   * Removes the tree. Links are removed, not followed; what others remove meanwhile is no error,
   * and what they add is removed too.
   */
  public static void remove(Path tree) {
    try {
      for (int tries = 1; Files.exists(tree); tries++) {
        try {
          Files.walkFileTree(tree, new Removal());
        } catch (DirectoryNotEmptyException e) {
          if (tries == MOST_TRIES) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw DwarfException.io("cannot remove " + tree + ": " + e, e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException problem)
        throws IOException {
      if (problem != null) {
        throw problem;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
