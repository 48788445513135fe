package dwarf.fabric.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file that two processes map: {@code bytes} of memory, and behind them one page that says which
 * file it is.
 *
 * <pre>
 *   bytes + 0       8            16            24
 *   | bytes         | token low  | token high  |
 *   | u64           | 16 random bytes          |
 * </pre>
 *
 * <p>S1. It has no name from its first moment on, so the kernel frees it with the last process that
 * has it, however that ends; nothing is ever left to sweep. The other process opens it as {@code
 * /proc/<pid>/fd/<number>}, which the kernel allows to the same user only. S2. Numbers of processes
 * and files are used again, so what was opened is believed only if its last page bears the token.
 * S3. The size never changes: files in memory are sealed against it, so that nobody can turn the
 * other's access into a SIGBUS; files in a directory cannot be, and are opened for reading only.
 *
 * <p>Rejected: passing the descriptor over the socket (SCM_RIGHTS), for which Java's sockets have
 * no call and the C library's have structures of another shape on each platform; and files with
 * names, which stay behind after kill -9 and then hold the memory of a whole pool. The price is
 * that both processes must see each other in /proc, which two containers do only if they share
 * their process identifiers.
 */
public final class SharedFile implements AutoCloseable {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int PRIVATE = 0600;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long PID = ProcessHandle.current().pid();

  private final int fd;
  private final Location location;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** How another process finds the file. */
  public record Location(long pid, int fd, long bytes, long tokenLow, long tokenHigh) {

    @Override
    public String toString() {
      return "file " + fd + " of process " + pid + ", " + bytes + " bytes";
    }
  }

  private SharedFile(int fd, Location location) {
    this.fd = fd;
    this.location = location;
  }

  /** A file in memory, with all its pages; NO_SPACE if there are none. */
  public static SharedFile inMemory(String label, long bytes) {
    int fd = (int) Libc.check("create shared memory", Libc.memoryFile(label));
    SharedFile file = initialised(fd, bytes);
    try {
      file.commit(0, bytes);
      Libc.check("seal shared memory", Libc.seal(fd));
      return file;
    } catch (DwarfException e) {
      file.close();
      throw e;
    }
  }

  /** A file in the directory's file system, without pages but for the last one. */
  public static SharedFile inDirectory(Path directory, long bytes) {
    Path path = directory.resolve("pool-" + Long.toHexString(RANDOM.nextLong()));
    int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
    int fd = (int) Libc.check("create " + path, Libc.open(path.toString(), flags, PRIVATE));
    if (!path.toFile().delete()) {
      long unused = Libc.close(fd);
      throw new DwarfException(Kind.IO_ERROR, "cannot unlink " + path + " after creating it");
    }
    return initialised(fd, bytes);
  }

  private static SharedFile initialised(int fd, long bytes) {
    Location location = new Location(PID, fd, bytes, RANDOM.nextLong(), RANDOM.nextLong());
    SharedFile file = new SharedFile(fd, location);
    try (Arena arena = Arena.ofConfined()) {
      Libc.check(
          "make a shared file of " + bytes + " bytes", Libc.truncate(fd, bytes + Pages.BYTES));
      file.commit(bytes, Pages.BYTES);
      MemorySegment last = file.map(bytes, Pages.BYTES, true, arena);
      last.set(LONG, 0, bytes);
      last.set(LONG, 8, location.tokenLow());
      last.set(LONG, 16, location.tokenHigh());
      return file;
    } catch (DwarfException e) {
      file.close();
      throw e;
    }
  }

  /** Opens a peer's file for reading; UNAVAILABLE if it is not what the location says. */
  public static SharedFile openReadOnly(Location location) {
    return open(location, Libc.O_RDONLY, false);
  }

  /** Opens a peer's file in memory; UNAVAILABLE if it is another one or its size could change. */
  public static SharedFile openSealed(Location location) {
    return open(location, Libc.O_RDWR, true);
  }

  /** As {@link #openSealed}, for reading. */
  public static SharedFile openSealedReadOnly(Location location) {
    return open(location, Libc.O_RDONLY, true);
  }

  private static SharedFile open(Location location, int access, boolean sealed) {
    String path = "/proc/" + location.pid() + "/fd/" + location.fd();
    int fd = Libc.open(path, access | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
    if (fd < 0) {
      throw DwarfException.unavailable(
          "cannot open the peer's memory, "
              + path
              + " (errno "
              + -fd
              + "): both processes must belong to one user and see each other in /proc");
    }
    SharedFile file = new SharedFile(fd, location);
    String wrong = file.mismatch(sealed);
    if (wrong != null) {
      file.close();
      throw DwarfException.unavailable("the peer's memory, " + location + ": " + wrong);
    }
    return file;
  }

  private String mismatch(boolean sealed) {
    long bytes = location.bytes();
    if (bytes < 0 || bytes % Pages.BYTES != 0 || Libc.size(fd) != bytes + Pages.BYTES) {
      return "the file has another size";
    }
    if (sealed && !Libc.isSealed(fd)) {
      return "the file is not sealed against a change of its size";
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment last = map(bytes, Pages.BYTES, false, arena);
      boolean same =
          last.get(LONG, 0) == bytes
              && last.get(LONG, 8) == location.tokenLow()
              && last.get(LONG, 16) == location.tokenHigh();
      return same ? null : "it is another file";
    }
  }

  public Location location() {
    return location;
  }

  /** Maps a part, as long as the arena lives. */
  public MemorySegment map(long offset, long length, boolean writable, Arena arena) {
    int protection = writable ? Libc.PROT_READ | Libc.PROT_WRITE : Libc.PROT_READ;
    Libc.Mapping mapping = new Libc.Mapping(0, length, protection, Libc.MAP_SHARED);
    long address = Libc.check("map " + length + " bytes", Libc.map(mapping, fd, offset));
    MemorySegment mapped = MemorySegment.ofAddress(address).reinterpret(length, arena, Libc::unmap);
    return writable ? mapped : mapped.asReadOnly();
  }

  /**
   * Maps a part twice, back to back: what begins in the first copy may run on into the second, so a
   * ring needs no care at its end.
   */
  public MemorySegment mapTwice(long offset, long length, Arena arena) {
    Libc.Mapping both = new Libc.Mapping(0, 2 * length, 0, Libc.MAP_PRIVATE_ANONYMOUS_NORESERVE);
    long address = Libc.check("map " + 2 * length + " bytes", Libc.map(both, -1, 0));
    MemorySegment mapped =
        MemorySegment.ofAddress(address).reinterpret(2 * length, arena, Libc::unmap);
    for (long at : new long[] {address, address + length}) {
      Libc.Mapping copy =
          new Libc.Mapping(
              at, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_FIXED);
      Libc.check("map a ring of " + length + " bytes", Libc.map(copy, fd, offset));
    }
    return mapped;
  }

  /** Allocates the pages of a part, zeroed where there were none; NO_SPACE if there are none. */
  public void commit(long offset, long length) {
    if (length > 0) {
      Libc.check(
          "allocate " + length + " bytes of shared memory (is /dev/shm or the memory limit full?)",
          Libc.allocate(fd, 0, offset, length));
    }
  }

  /** Gives the pages of a part back. */
  public void discard(long offset, long length) {
    if (length > 0) {
      Libc.check(
          "give " + length + " bytes of shared memory back",
          Libc.allocate(fd, Libc.PUNCH_HOLE_KEEP_SIZE, offset, length));
    }
  }

  /** Closes the descriptor; mappings stay. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.check("close a shared file", Libc.close(fd));
    }
  }
}
