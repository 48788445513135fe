package dwarf.wal.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file operations of the log and of the ownership protocol. An operation that changes a
 * directory is durable only after {@link #syncDirectory}. Missing and existing files are told by
 * the exceptions of {@code java.nio.file}; errors of the device by {@link DiskError}.
 */
public interface Disk {

  /** Creates a file for writing; fails if the name exists. */
  DiskFile create(Path file) throws IOException;

  /** Opens an existing file for reading. */
  DiskFile open(Path file) throws IOException;

  /** Whether the name exists, as whatever kind of file. */
  boolean exists(Path file) throws IOException;

  /** Whether the name is a directory (not a link to one). */
  boolean isDirectory(Path file) throws IOException;

  /** The names in a directory, sorted. */
  List<String> list(Path directory) throws IOException;

  /** Creates one directory; fails if the name exists. */
  void createDirectory(Path directory) throws IOException;

  /** Gives an existing file a second name, on the same file system; fails if the name exists. */
  void link(Path existing, Path name) throws IOException;

  /** Renames a file in one step; replaces what had the new name. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a name: a file or an empty directory. */
  void delete(Path file) throws IOException;

  /** Makes the names in a directory durable. */
  void syncDirectory(Path directory) throws IOException;
}
