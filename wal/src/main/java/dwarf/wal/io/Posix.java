package dwarf.wal.io;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The C library's file calls. Each returns the C function's result, or minus the error number of a
 * failed call. The flags' numbers are Linux's.
 */
final class Posix {

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_CLOEXEC = 0x80000;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EEXIST = 17;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MADV_POPULATE_WRITE = 23;
  private static final long STATFS_BYTES = 256;

  private static final int SEEK_END = 2;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Where a call leaves its error number; one for each thread that calls. */
  private static final ThreadLocal<MemorySegment> STATES =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT, INT),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle PWRITE =
      handle("pwrite", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, LONG));
  private static final MethodHandle PREAD =
      handle("pread", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, LONG));
  private static final MethodHandle LSEEK =
      handle("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));
  private static final MethodHandle FTRUNCATE =
      handle("ftruncate", FunctionDescriptor.of(INT, INT, LONG));
  private static final MethodHandle FALLOCATE =
      handle("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
  private static final MethodHandle FDATASYNC =
      handle("fdatasync", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle FSYNC = handle("fsync", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle FSTATFS =
      handle("fstatfs", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS));
  private static final MethodHandle MMAP =
      handle("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
  private static final MethodHandle MUNMAP =
      handle("munmap", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG));
  private static final MethodHandle MLOCK =
      handle("mlock", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG));
  private static final MethodHandle MADVISE =
      handle("madvise", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG, INT));
  private static final MethodHandle GETPAGESIZE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("getpagesize"), FunctionDescriptor.of(INT));

  static final long PAGE_BYTES = comeBackFromNative();

  @FunctionalInterface
  private interface Call {
    long on(MemorySegment state) throws Throwable;
  }

  private Posix() {}

  static int open(Path file, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      return (int) run(state -> (int) OPEN.invokeExact(state, name, flags, mode));
    }
  }

  static long close(int fd) {
    return run(state -> (int) CLOSE.invokeExact(state, fd));
  }

  static long write(int fd, MemorySegment source, long offset) {
    return run(state -> (long) PWRITE.invokeExact(state, fd, source, source.byteSize(), offset));
  }

  static long read(int fd, MemorySegment target, long offset) {
    return run(state -> (long) PREAD.invokeExact(state, fd, target, target.byteSize(), offset));
  }

  static long size(int fd) {
    return run(state -> (long) LSEEK.invokeExact(state, fd, 0L, SEEK_END));
  }

  static long truncate(int fd, long size) {
    return run(state -> (int) FTRUNCATE.invokeExact(state, fd, size));
  }

  /** Blocks for that many bytes from the start, and the file at least as long. */
  static long allocate(int fd, long size) {
    return run(state -> (int) FALLOCATE.invokeExact(state, fd, 0, 0L, size));
  }

  static long syncData(int fd) {
    return run(state -> (int) FDATASYNC.invokeExact(state, fd));
  }

  static long sync(int fd) {
    return run(state -> (int) FSYNC.invokeExact(state, fd));
  }

  /** The magic number of the file system that the file is on. */
  static long fileSystemType(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(STATFS_BYTES, Long.BYTES);
      long result = run(state -> (int) FSTATFS.invokeExact(state, fd, buffer));
      return result < 0 ? result : Integer.toUnsignedLong(buffer.get(INT, 0));
    }
  }

  /** The address. */
  static long map(int fd, long offset, long bytes) {
    return run(
        state ->
            (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, MAP_SHARED, fd, offset));
  }

  static long unmap(MemorySegment pages) {
    return run(state -> (int) MUNMAP.invokeExact(state, pages, pages.byteSize()));
  }

  static long lock(MemorySegment pages) {
    return run(state -> (int) MLOCK.invokeExact(state, pages, pages.byteSize()));
  }

  /** Does what a first store to each page would do, and tells of errors; since Linux 5.14. */
  static long makeWritable(MemorySegment pages) {
    return run(
        state -> (int) MADVISE.invokeExact(state, pages, pages.byteSize(), MADV_POPULATE_WRITE));
  }

  /** A call that does nothing but give the JVM a chance to throw what is pending. */
  static int comeBackFromNative() {
    try {
      return (int) GETPAGESIZE.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw threw(e);
    }
  }

  private static long run(Call call) {
    try {
      MemorySegment state = STATES.get();
      long result = call.on(state);
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw threw(e);
    }
  }

  private static LinkageError threw(Throwable e) {
    return new LinkageError("a call of the C library threw", e);
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return handle(name, descriptor, Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
