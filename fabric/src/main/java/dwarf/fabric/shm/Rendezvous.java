package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The directory where the processes of one user meet: sockets and locks by name, and the file
 * system that pools are made in. Who may enter it may use what is lent there, so nobody else may:
 * it must belong to this user and be closed to all others.
 */
final class Rendezvous {

  /** Names another directory, such as one on a file system over CXL or persistent memory. */
  static final String PROPERTY = "dwarf.shm.dir";

  /** What a socket's address holds, without the final zero. */
  private static final int MOST_PATH_BYTES = 107;

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path directory;

  private Rendezvous(Path directory) {
    this.directory = directory;
  }

  /** The directory that {@value #PROPERTY} names, or the usual one. */
  static Rendezvous usual() {
    String named = System.getProperty(PROPERTY);
    return at(named != null ? Path.of(named) : SHARED_MEMORY.resolve("dwarf-" + userId()));
  }

  /** That directory, created if absent. */
  static Rendezvous at(Path directory) {
    try {
      if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      Map<String, Object> is =
          Files.readAttributes(
              directory, "unix:uid,permissions,isDirectory", LinkOption.NOFOLLOW_LINKS);
      if (!is.get("isDirectory").equals(true)
          || !is.get("uid").equals(userId())
          || !is.get("permissions").equals(OWNER_ONLY)) {
        throw DwarfException.invalid(
            "directory "
                + directory
                + ": processes that share memory meet there, so it must belong to the user who runs"
                + " them and be closed to others (chmod 700)");
      }
      return new Rendezvous(directory);
    } catch (IOException | UnsupportedOperationException e) {
      throw new DwarfException(
          Kind.NOT_SUPPORTED,
          "shared memory needs a directory such as " + directory + " (or -D" + PROPERTY + "): " + e,
          e);
    }
  }

  private static Object userId() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | UnsupportedOperationException e) {
      throw new DwarfException(Kind.NOT_SUPPORTED, "shared memory needs Linux: " + e, e);
    }
  }

  Path directory() {
    return directory;
  }

  Path lockFile(String name) {
    return directory.resolve(name + ".lock");
  }

  Path socketFile(String name) {
    Path file = directory.resolve(name + ".sock");
    if (file.toString().getBytes(StandardCharsets.UTF_8).length > MOST_PATH_BYTES) {
      throw DwarfException.invalid(
          "the path of socket "
              + file
              + " is longer than the system's "
              + MOST_PATH_BYTES
              + " bytes");
    }
    return file;
  }

  UnixDomainSocketAddress socket(String name) {
    return UnixDomainSocketAddress.of(socketFile(name));
  }
}
