package dwarf.wal.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operating system's files.
 *
 * <p>Content goes through the C library's {@code pwrite}, {@code pread} and {@code fdatasync}. A
 * {@code FileChannel} was rejected because the interrupt of one thread closes it for all; a {@code
 * RandomAccessFile} because it copies every write through fresh native memory, can only sync data
 * and metadata together, and tells a full disk from a broken one by a localized message. Files are
 * mapped only for what is written in small pieces, and only where a fault in the middle of a store
 * is as good as excluded ({@link NativeMapping}).
 */
public final class NativeDisk implements Disk {

  /** There is only one; it has no state. */
  public static final NativeDisk INSTANCE = new NativeDisk();

  private static final int FILE_MODE = 0600;

  private NativeDisk() {}

  @Override
  public DiskFile create(Path file) throws IOException {
    return new NativeFile(file, descriptor(file, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new NativeFile(file, descriptor(file, Posix.O_RDONLY));
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean isDirectory(Path file) {
    return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    Files.createLink(name, existing);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.delete(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    int fd = descriptor(directory, Posix.O_RDONLY);
    long synced = Posix.sync(fd);
    NativeFile.check("close", directory, Posix.close(fd));
    NativeFile.check("sync", directory, synced);
  }

  private static int descriptor(Path file, int flags) throws IOException {
    int fd;
    do {
      fd = Posix.open(file, flags | Posix.O_CLOEXEC, FILE_MODE);
    } while (fd == -Posix.EINTR);
    if (fd == -Posix.ENOENT) {
      throw new NoSuchFileException(file.toString());
    }
    if (fd == -Posix.EEXIST) {
      throw new FileAlreadyExistsException(file.toString());
    }
    NativeFile.check("open", file, fd);
    return fd;
  }
}
