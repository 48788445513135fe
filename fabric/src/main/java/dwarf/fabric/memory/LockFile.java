package dwarf.fabric.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file whose lock says that somebody lives: the kernel drops it with its process, however that
 * ends. Of the open file and not of the process (flock), so it holds between two owners in one
 * process too, and is not lost when another one tries.
 *
 * <p>The owner removes the file in the end. Who had opened it before then gets the lock of a file
 * without a name, while somebody else may lock a new one; so a lock counts only if the name still
 * leads to the file that was locked.
 */
public final class LockFile implements AutoCloseable {

  private static final int EWOULDBLOCK = 11;
  private static final int ATTEMPTS = 100;

  private final Path file;
  private final int fd;

  private LockFile(Path file, int fd) {
    this.file = file;
    this.fd = fd;
  }

  /** The lock, or null if somebody else has it. */
  public static LockFile tryLock(Path file) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC;
      int fd = (int) Libc.check("open " + file, Libc.open(file.toString(), flags, 0600));
      long result = Libc.lock(fd);
      if (result == 0 && isNamed(file, fd)) {
        return new LockFile(file, fd);
      }
      long unused = Libc.close(fd);
      if (result == -EWOULDBLOCK) {
        return null;
      }
      if (result != 0) {
        throw new DwarfException(Kind.IO_ERROR, "cannot lock " + file + ": errno " + -result);
      }
    }
    throw new DwarfException(Kind.BUSY, "lock " + file + " changes hands all the time");
  }

  private static boolean isNamed(Path file, int fd) {
    try {
      Object opened = Files.getAttribute(Path.of("/proc/self/fd/" + fd), "unix:ino");
      return Files.getAttribute(file, "unix:ino").equals(opened);
    } catch (NoSuchFileException removed) {
      return false;
    } catch (IOException e) {
      throw DwarfException.io("cannot look at lock " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DwarfException.io("cannot remove lock " + file + ": " + e.getMessage(), e);
    } finally {
      Libc.check("close a lock", Libc.close(fd));
    }
  }
}
