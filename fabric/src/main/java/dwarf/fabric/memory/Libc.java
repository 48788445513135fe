package dwarf.fabric.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's calls on files and mappings. Each returns the C function's result, or minus the
 * error number of a failed call. The flags' numbers are Linux's, the same on x86-64 and aarch64.
 */
final class Libc {

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_SHARED = 0x01;
  static final int MAP_FIXED = 0x10;
  static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  static final int MADV_DONTNEED = 4;
  static final int MADV_HUGEPAGE = 14;
  static final int PUNCH_HOLE_KEEP_SIZE = 0x02 | 0x01;
  static final int LOCK_EXCLUSIVE_NOW = 2 | 4;

  private static final int EINTR = 4;
  private static final int ENOMEM = 12;
  private static final int EFBIG = 27;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;
  private static final int SEEK_END = 2;
  private static final int MFD_CLOEXEC_SEALABLE = 1 | 2;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;
  private static final int SEALS = 1 | 2 | 4; // no more seals, no shrinking, no growing

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
      variadic("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT, INT), 2);
  private static final MethodHandle CLOSE = plain("close", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle LSEEK =
      plain("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));
  private static final MethodHandle FTRUNCATE =
      plain("ftruncate", FunctionDescriptor.of(INT, INT, LONG));
  private static final MethodHandle FALLOCATE =
      plain("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
  private static final MethodHandle FLOCK = plain("flock", FunctionDescriptor.of(INT, INT, INT));
  private static final MethodHandle MEMFD_CREATE =
      plain("memfd_create", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
  private static final MethodHandle FCNTL =
      variadic("fcntl", FunctionDescriptor.of(INT, INT, INT, INT), 2);
  private static final MethodHandle MMAP =
      plain("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
  private static final MethodHandle MUNMAP =
      plain("munmap", FunctionDescriptor.of(INT, LONG, LONG));
  private static final MethodHandle MADVISE =
      plain("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));

  /** Where a mapping goes and what it allows. */
  record Mapping(long address, long bytes, int protection, int flags) {}

  @FunctionalInterface
  private interface Call {
    long on(MemorySegment state) throws Throwable;
  }

  private Libc() {}

  static int open(String path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int) run(state -> (int) OPEN.invokeExact(state, name, flags, mode));
    }
  }

  static long close(int fd) {
    return run(state -> (int) CLOSE.invokeExact(state, fd));
  }

  static long size(int fd) {
    return run(state -> (long) LSEEK.invokeExact(state, fd, 0L, SEEK_END));
  }

  static long truncate(int fd, long bytes) {
    return run(state -> (int) FTRUNCATE.invokeExact(state, fd, bytes));
  }

  static long allocate(int fd, int mode, long offset, long bytes) {
    long result;
    do {
      result = run(state -> (int) FALLOCATE.invokeExact(state, fd, mode, offset, bytes));
    } while (result == -EINTR);
    return result;
  }

  static long lock(int fd) {
    return run(state -> (int) FLOCK.invokeExact(state, fd, LOCK_EXCLUSIVE_NOW));
  }

  /** A nameless file in memory that can be sealed. */
  static int memoryFile(String label) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(label);
      return (int) run(state -> (int) MEMFD_CREATE.invokeExact(state, name, MFD_CLOEXEC_SEALABLE));
    }
  }

  /** From now on nobody can change the size of the file. */
  static long seal(int fd) {
    return run(state -> (int) FCNTL.invokeExact(state, fd, F_ADD_SEALS, SEALS));
  }

  static boolean isSealed(int fd) {
    long seals = run(state -> (int) FCNTL.invokeExact(state, fd, F_GET_SEALS, 0));
    return seals >= 0 && (seals & SEALS) == SEALS;
  }

  /** The address, or minus the error number. */
  static long map(Mapping mapping, int fd, long offset) {
    return run(
        state ->
            (long)
                MMAP.invokeExact(
                    state,
                    mapping.address(),
                    mapping.bytes(),
                    mapping.protection(),
                    mapping.flags(),
                    fd,
                    offset));
  }

  static void unmap(MemorySegment mapped) {
    long result =
        run(state -> (int) MUNMAP.invokeExact(state, mapped.address(), mapped.byteSize()));
    check("unmap " + mapped.byteSize() + " bytes", result);
  }

  static long advise(MemorySegment pages, int advice) {
    return run(
        state -> (int) MADVISE.invokeExact(state, pages.address(), pages.byteSize(), advice));
  }

  /** The result, or an error of the kind that its number means. */
  static long check(String what, long result) {
    if (result >= 0) {
      return result;
    }
    int errno = (int) -result;
    Kind kind =
        switch (errno) {
          case ENOSPC, EFBIG, EDQUOT, ENOMEM -> Kind.NO_SPACE;
          default -> Kind.IO_ERROR;
        };
    throw new DwarfException(kind, "cannot " + what + ": errno " + errno);
  }

  private static long run(Call call) {
    try {
      MemorySegment state = STATES.get();
      long result = call.on(state);
      return result != -1 ? result : -(int) ERRNO.get(state, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("a call of the C library threw", e);
    }
  }

  private static MethodHandle plain(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle variadic(String name, FunctionDescriptor type, int fixed) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        type,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }
}
