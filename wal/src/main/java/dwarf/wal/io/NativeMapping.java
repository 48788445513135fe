package dwarf.wal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Pages of a file, mapped for writing.
 *
 * <p>A store to a mapped page can fail like any write, but as a fault in the middle of the program.
 * So everything is done to leave no reason for one. M1. The file system has a page cache that all
 * processes of the host share and that overwrites blocks in place (ext, XFS, tmpfs): not a
 * network's, where a mapping is a copy, and none that needs a new block for each write. M2. The
 * range has its blocks before it is mapped, so a full disk is found out by a call that says so; and
 * each page is made writable by a call, too. M3. The pages are locked in memory: the kernel never
 * has to read one back. What is left is a device that fails, and somebody who cuts the file. M4.
 * Such a fault ends as an {@link IOException} all the same: the JVM turns a fault of a copy into an
 * InternalError, and throws it when the thread next comes back from native code, which a copy is
 * followed by. Therefore nothing but bulk copies may touch the pages: a checksum of them, or a
 * system call that reads them, would end the process.
 *
 * <p>Threading: one thread at a time.
 */
final class NativeMapping implements MappedRange {

  /** A property that switches it off: {@code -Ddwarf.wal.mmap=false}. */
  private static final boolean ALLOWED = !"false".equals(System.getProperty("dwarf.wal.mmap"));

  private static final long EXT = 0xEF53;
  private static final long XFS = 0x58465342;
  private static final long TMPFS = 0x01021994;

  private final Path path;
  private final long start;
  private final MemorySegment pages;

  private NativeMapping(Path path, long start, MemorySegment pages) {
    this.path = path;
    this.start = start;
    this.pages = pages;
  }

  /**
   * Maps the pages of a file from the one with that offset on; the file has blocks for all of them.
   */
  static NativeMapping map(Path path, int fd, long offset, long bytes) throws IOException {
    if (!ALLOWED) {
      throw new IOException("map " + path + ": switched off by dwarf.wal.mmap");
    }
    checkFileSystem(path, fd);
    long start = offset / Posix.PAGE_BYTES * Posix.PAGE_BYTES;
    long address = Posix.map(fd, start, bytes);
    NativeFile.check("map", path, address);
    MemorySegment pages = MemorySegment.ofAddress(address).reinterpret(bytes);
    NativeMapping mapping = new NativeMapping(path, start, pages);
    try {
      NativeFile.check("lock in memory", path, Posix.lock(pages));
      NativeFile.check("prepare for writing", path, Posix.makeWritable(pages));
      return mapping;
    } catch (IOException e) {
      mapping.close();
      throw e;
    }
  }

  private static void checkFileSystem(Path path, int fd) throws IOException {
    long type = Posix.fileSystemType(fd);
    NativeFile.check("look at the file system of", path, type);
    if (type != EXT && type != XFS && type != TMPFS) {
      throw new IOException(
          "map " + path + ": not done on a file system of type 0x" + Long.toHexString(type));
    }
  }

  @Override
  public long end() {
    return start + pages.byteSize();
  }

  @Override
  public void write(MemorySegment source, long offset) throws IOException {
    try {
      MemorySegment.copy(source, 0, pages, offset - start, source.byteSize());
      Posix.comeBackFromNative();
    } catch (InternalError fault) {
      DiskError error = new DiskError("write in memory", path, DiskError.EIO);
      error.initCause(fault);
      throw error;
    }
  }

  @Override
  public void close() throws IOException {
    NativeFile.check("unmap", path, Posix.unmap(pages));
  }
}
