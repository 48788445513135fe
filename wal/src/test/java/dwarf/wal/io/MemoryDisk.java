package dwarf.wal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that can fail, stop the process between two operations, and lose its power.
 *
 * <p>Model of a power cut: of a file's writes since its last sync any subset survives, each in
 * sectors; of a directory's changes since its last sync any subset of the names survives. Hard
 * links share a file. Single-threaded.
 */
public final class MemoryDisk implements Disk {

  /** What stands for the death of the process; nothing catches it as an ordinary failure. */
  public static final class Stopped extends Error {
    Stopped() {
      super("the process has been stopped here");
    }
  }

  /** Decides whether an operation fails; null lets it pass. */
  @FunctionalInterface
  public interface Fault {
    DiskError onOperation(String operation, Path file);
  }

  private static final int SECTOR = 512;

  private static final class Inode {
    byte[] content = new byte[0];
    byte[] durable = new byte[0];
  }

  private final Map<Path, Map<Path, Inode>> directories = new TreeMap<>();
  private final Map<Path, Map<Path, Inode>> durableNames = new TreeMap<>();
  private Fault fault = (operation, file) -> null;
  private long stopAfter = Long.MAX_VALUE;
  private long changes;
  private int shortWrite = -1;

  public MemoryDisk() {
    directories.put(Path.of("/"), new TreeMap<>());
    durableNames.put(Path.of("/"), new TreeMap<>());
  }

  public void setFault(Fault newFault) {
    fault = newFault;
  }

  /** A failing write leaves that many bytes behind. */
  public void setShortWrite(int bytes) {
    shortWrite = bytes;
  }

  /** Lets that many more changes happen; the next one stops the process. */
  public void stopAfter(long operations) {
    stopAfter = changes + operations;
  }

  public long changes() {
    return changes;
  }

  /** The file's content; for tests to damage and to compare. */
  public byte[] content(Path file) {
    return inode(file).content.clone();
  }

  public void setContent(Path file, byte[] content) {
    Inode inode = inode(file);
    inode.content = content;
    inode.durable = content;
  }

  /** What a new process finds after this one was killed: everything written. */
  public MemoryDisk afterKill() {
    return copy(directories, false, null);
  }

  /**
   * What is found after the power came back: all that was synced, and a random part of the rest.
   */
  public MemoryDisk afterPowerCut(RandomGenerator random) {
    Map<Path, Map<Path, Inode>> names = new TreeMap<>();
    for (Path directory : directories.keySet()) {
      Map<Path, Inode> now = directories.get(directory);
      Map<Path, Inode> old = durableNames.getOrDefault(directory, Map.of());
      Map<Path, Inode> survived = new TreeMap<>(old);
      List<Path> changed = new ArrayList<>(now.keySet());
      old.keySet().stream().filter(name -> !now.containsKey(name)).forEach(changed::add);
      for (Path name : changed) {
        if (now.get(name) != old.get(name) && random.nextBoolean()) {
          if (now.containsKey(name)) {
            survived.put(name, now.get(name));
          } else {
            survived.remove(name);
          }
        }
      }
      names.put(directory, survived);
    }
    return copy(names, true, random);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    change("create", file);
    Map<Path, Inode> directory = directory(file.getParent());
    if (directory.containsKey(file) || directories.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Inode inode = new Inode();
    directory.put(file, inode);
    return new MemoryFile(file, inode);
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    fail("open", file);
    Inode inode = directories.getOrDefault(file.getParent(), Map.of()).get(file);
    if (inode == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new MemoryFile(file, inode);
  }

  @Override
  public boolean exists(Path file) {
    return directories.containsKey(file)
        || directories.getOrDefault(file.getParent(), Map.of()).containsKey(file);
  }

  @Override
  public boolean isDirectory(Path file) {
    return directories.containsKey(file);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    fail("list", directory);
    List<String> names = new ArrayList<>();
    directory(directory).keySet().forEach(file -> names.add(file.getFileName().toString()));
    for (Path child : directories.keySet()) {
      if (directory.equals(child.getParent())) {
        names.add(child.getFileName().toString());
      }
    }
    names.sort(null);
    return names;
  }

  /** Directories themselves are durable at once; their names are none of the log's concerns. */
  @Override
  public void createDirectory(Path directory) throws IOException {
    change("mkdir", directory);
    directory(directory.getParent());
    if (exists(directory)) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    directories.put(directory, new TreeMap<>());
    durableNames.put(directory, new TreeMap<>());
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    change("link", name);
    Inode inode = directory(existing.getParent()).get(existing);
    if (inode == null) {
      throw new NoSuchFileException(existing.toString());
    }
    if (exists(name)) {
      throw new FileAlreadyExistsException(name.toString());
    }
    directory(name.getParent()).put(name, inode);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change("rename", to);
    Inode inode = directory(from.getParent()).remove(from);
    if (inode == null) {
      throw new NoSuchFileException(from.toString());
    }
    directory(to.getParent()).put(to, inode);
  }

  @Override
  public void delete(Path file) throws IOException {
    change("delete", file);
    if (directories.containsKey(file)) {
      if (!list(file).isEmpty()) {
        throw new DirectoryNotEmptyException(file.toString());
      }
      directories.remove(file);
      durableNames.remove(file);
    } else if (directory(file.getParent()).remove(file) == null) {
      throw new NoSuchFileException(file.toString());
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    change("syncdir", directory);
    durableNames.put(directory, new TreeMap<>(directory(directory)));
  }

  private void change(String operation, Path file) throws DiskError {
    if (changes >= stopAfter) {
      throw new Stopped();
    }
    changes++;
    fail(operation, file);
  }

  private void fail(String operation, Path file) throws DiskError {
    DiskError error = fault.onOperation(operation, file);
    if (error != null) {
      throw error;
    }
  }

  private Map<Path, Inode> directory(Path directory) throws NoSuchFileException {
    Map<Path, Inode> found = directories.get(directory);
    if (found == null) {
      throw new NoSuchFileException(String.valueOf(directory));
    }
    return found;
  }

  private Inode inode(Path file) {
    Inode inode = directories.get(file.getParent()).get(file);
    if (inode == null) {
      throw new IllegalArgumentException("no file " + file);
    }
    return inode;
  }

  private static MemoryDisk copy(
      Map<Path, Map<Path, Inode>> names, boolean isCut, RandomGenerator random) {
    MemoryDisk copy = new MemoryDisk();
    Map<Inode, Inode> copies = new LinkedHashMap<>();
    names.forEach(
        (directory, files) -> {
          Map<Path, Inode> copied = new TreeMap<>();
          files.forEach(
              (file, inode) ->
                  copied.put(
                      file,
                      copies.computeIfAbsent(
                          inode, old -> settled(isCut ? torn(old, random) : old.content))));
          copy.directories.put(directory, copied);
          copy.durableNames.put(directory, new TreeMap<>(copied));
        });
    return copy;
  }

  private static Inode settled(byte[] content) {
    Inode inode = new Inode();
    inode.content = content.clone();
    inode.durable = inode.content;
    return inode;
  }

  /** The durable content, with a random part of what was written since in each sector. */
  private static byte[] torn(Inode inode, RandomGenerator random) {
    byte[] now = inode.content;
    byte[] old = inode.durable;
    int length = old.length;
    if (now.length != old.length && random.nextBoolean()) {
      int low = Math.min(now.length, old.length);
      length = low + random.nextInt(Math.abs(now.length - old.length) + 1);
    }
    byte[] result = Arrays.copyOf(old, length);
    for (int sector = 0; sector < length; sector += SECTOR) {
      int end = Math.min(length, Math.min(now.length, sector + SECTOR));
      if (random.nextBoolean()) {
        for (int i = sector; i < end; i++) {
          result[i] = now[i];
        }
      }
    }
    return result;
  }

  private final class MemoryFile implements DiskFile {
    private final Path path;
    private final Inode inode;

    MemoryFile(Path path, Inode inode) {
      this.path = path;
      this.inode = inode;
    }

    @Override
    public void write(MemorySegment source, long offset) throws IOException {
      byte[] bytes = source.toArray(ValueLayout.JAVA_BYTE);
      try {
        change("write", path);
      } catch (DiskError e) {
        if (shortWrite >= 0) {
          put(Arrays.copyOf(bytes, Math.min(shortWrite, bytes.length)), (int) offset);
        }
        throw e;
      }
      put(bytes, (int) offset);
    }

    private void put(byte[] bytes, int offset) {
      byte[] grown =
          Arrays.copyOf(inode.content, Math.max(inode.content.length, offset + bytes.length));
      System.arraycopy(bytes, 0, grown, offset, bytes.length);
      inode.content = grown;
    }

    @Override
    public long read(MemorySegment target, long offset) {
      long size = Math.clamp(inode.content.length - offset, 0, target.byteSize());
      MemorySegment.copy(inode.content, (int) offset, target, ValueLayout.JAVA_BYTE, 0, (int) size);
      return size;
    }

    @Override
    public long size() {
      return inode.content.length;
    }

    @Override
    public void extend(long size) throws IOException {
      change("extend", path);
      if (size > inode.content.length) {
        inode.content = Arrays.copyOf(inode.content, (int) size);
      }
    }

    @Override
    public MappedRange map(long offset, long bytes) throws IOException {
      change("map", path);
      return new MemoryRange(offset, bytes);
    }

    /** A range of this file; a write to it fails as one to the file does. */
    private final class MemoryRange implements MappedRange {
      private final long start;
      private final long end;

      MemoryRange(long start, long bytes) {
        this.start = start;
        this.end = start + bytes;
      }

      @Override
      public long end() {
        return end;
      }

      @Override
      public void write(MemorySegment source, long offset) throws IOException {
        if (offset < start || offset + source.byteSize() > Math.min(end, size())) {
          throw new IndexOutOfBoundsException("a write past the range, or the end of the file");
        }
        MemoryFile.this.write(source, offset);
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      change("truncate", path);
      inode.content = Arrays.copyOf(inode.content, (int) size);
    }

    @Override
    public void sync() throws IOException {
      change("sync", path);
      inode.durable = inode.content;
    }

    @Override
    public void close() {
      // A file in memory holds nothing that must be given back.
    }
  }
}
