package dwarf.wal.owner;

import dwarf.base.DwarfException;
import dwarf.wal.io.Disk;
import dwarf.wal.io.DiskFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whole small files that appear, change and vanish in one durable step. */
record SmallFiles(Disk disk, Supplier<UUID> ids) {

  static final String UNFINISHED = ".tmp";

  private static final Logger LOG = LoggerFactory.getLogger(SmallFiles.class);

  /** The content; null if there is no such file. */
  MemorySegment read(Path file, int maxBytes) throws IOException {
    try (DiskFile in = disk.open(file)) {
      long size = in.size();
      if (size > maxBytes) {
        throw DwarfException.corruption(
            file + " has " + size + " bytes; at most " + maxBytes + " are expected");
      }
      MemorySegment bytes = MemorySegment.ofArray(new byte[(int) size]);
      return bytes.asSlice(0, in.read(bytes, 0));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Creates the file with this content unless the name exists; returns whether it did. Somebody who
   * got there first may have swept the unfinished file.
   */
  boolean create(Path file, MemorySegment content) throws IOException {
    Path unfinished = writeUnfinished(file, content);
    boolean isCreated;
    try {
      disk.link(unfinished, file);
      isCreated = true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      isCreated = false;
    }
    deleteIfThere(unfinished);
    disk.syncDirectory(file.getParent());
    return isCreated;
  }

  /** Removes a name that another process may remove as well. */
  void deleteIfThere(Path file) throws IOException {
    try {
      disk.delete(file);
    } catch (NoSuchFileException e) {
      LOG.debug("{} is gone already", file);
    }
  }

  /** Gives the file this content, whatever it had before. */
  void replace(Path file, MemorySegment content) throws IOException {
    disk.rename(writeUnfinished(file, content), file);
    disk.syncDirectory(file.getParent());
  }

  /** Creates the directory and those above it that are missing. */
  void createDirectories(Path directory) throws IOException {
    if (disk.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    try {
      disk.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!disk.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      disk.syncDirectory(parent);
    }
  }

  /** Removes a file, or a directory with all that is in it; links are not followed. */
  void deleteTree(Path file) throws IOException {
    if (disk.isDirectory(file)) {
      for (String name : disk.list(file)) {
        deleteTree(file.resolve(name));
      }
    }
    disk.delete(file);
  }

  private Path writeUnfinished(Path file, MemorySegment content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + "." + ids.get() + UNFINISHED);
    try (DiskFile out = disk.create(unfinished)) {
      out.write(content, 0);
      out.sync();
    }
    return unfinished;
  }
}
