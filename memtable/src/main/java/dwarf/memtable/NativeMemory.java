package dwarf.memtable;

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
 * Anonymous memory straight from the kernel: {@code mmap}, {@code madvise}, {@code munmap} (Linux).
 *
 * <p>Rejected: {@code Arena.allocate}. It is {@code malloc} plus zeroing, so every byte is resident
 * from the start, and a freed block of less than 32 MiB often stays in the allocator's heap. A
 * mapping costs nothing until it is touched, reads as zeros, and is gone once it is given back. It
 * is bound to a shared arena: closing the arena unmaps it, and an access that comes too late throws
 * {@link IllegalStateException} instead of killing the process.
 */
final class NativeMemory {

  static final long PAGE_BYTES = 4096;

  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;

  private static final MemoryLayout ERROR_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      ERROR_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final MethodHandle MMAP =
      function("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(INT, LONG, LONG));
  private static final MethodHandle MADVISE =
      function("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));

  private NativeMemory() {}

  static long roundToPages(long bytes) {
    return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
  }

  /** Zeroed memory of whole pages, unmapped when {@code arena} closes; NO_SPACE if refused. */
  static MemorySegment map(long bytes, Arena arena) {
    long address =
        call(
            Kind.NO_SPACE,
            "mapping " + bytes + " bytes for a memtable (raise the memory limits of the process)",
            errno ->
                (long)
                    MMAP.invokeExact(
                        errno,
                        0L,
                        bytes,
                        PROT_READ_WRITE,
                        MAP_PRIVATE_ANONYMOUS_NORESERVE,
                        -1,
                        0L));
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, NativeMemory::unmap);
  }

  /** Gives the pages of a page-aligned part of a mapping back; it reads as zeros afterwards. */
  static void discard(MemorySegment pages) {
    call(
        Kind.INTERNAL,
        "giving back " + pages.byteSize() + " bytes of a memtable",
        errno ->
            (int) MADVISE.invokeExact(errno, pages.address(), pages.byteSize(), MADV_DONTNEED));
  }

  private static void unmap(MemorySegment mapping) {
    call(
        Kind.INTERNAL,
        "unmapping " + mapping.byteSize() + " bytes of a memtable",
        errno -> (int) MUNMAP.invokeExact(errno, mapping.address(), mapping.byteSize()));
  }

  private interface NativeCall {
    long call(MemorySegment errno) throws Throwable;
  }

  private static long call(Kind kind, String what, NativeCall nativeCall) {
    int errno;
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment state = scratch.allocate(ERROR_STATE);
      long result = nativeCall.call(state);
      if (result != -1) {
        return result;
      }
      errno = (int) ERRNO.get(state, 0L);
    } catch (Throwable e) {
      throw new DwarfException(Kind.INTERNAL, what + " could not call the C library", e);
    }
    throw new DwarfException(kind, what + " was refused by the system, errno " + errno);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }
}
