package dwarf.fabric.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.nio.file.Path;

/**
 * A file whose lock says that somebody lives: the kernel drops it with its process, however that
 * ends. Of the open file and not of the process (flock), so it holds between two owners in one
 * process too, and is not lost when another one tries. The file itself stays: removing it would let
 * two owners hold the locks of two files of one name.
 */
public final class LockFile implements AutoCloseable {

  private static final int EWOULDBLOCK = 11;

  private final int fd;

  private LockFile(int fd) {
    this.fd = fd;
  }

  /** The lock, or null if somebody else has it. */
  public static LockFile tryLock(Path file) {
    int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC;
    int fd = (int) Libc.check("open " + file, Libc.open(file.toString(), flags, 0600));
    long result = Libc.lock(fd);
    if (result == 0) {
      return new LockFile(fd);
    }
    long unused = Libc.close(fd);
    if (result == -EWOULDBLOCK) {
      return null;
    }
    throw new DwarfException(Kind.IO_ERROR, "cannot lock " + file + ": errno " + -result);
  }

  @Override
  public void close() {
    Libc.check("close a lock", Libc.close(fd));
  }
}
