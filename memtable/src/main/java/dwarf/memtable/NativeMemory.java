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

  /** A huge page of x86-64 and of most others. */
  static final long HUGE_PAGE_BYTES = 2 << 20;

  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

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
            state ->
                (long)
                    MMAP.invokeExact(
                        state,
                        0L,
                        bytes,
                        PROT_READ_WRITE,
                        MAP_PRIVATE_ANONYMOUS_NORESERVE,
                        -1,
                        0L));
    if (address < 0) {
      String what = "mapping " + bytes + " bytes (raise the memory limits of the process)";
      throw refused(Kind.NO_SPACE, what, (int) -address);
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, NativeMemory::unmap);
  }

  /**
   * As {@link #map}, in huge pages where the system has them. Records and index slots are read and
   * written all over the place, so most accesses to small pages miss the TLB, and each small page
   * costs a fault when it is first written to.
   */
  static MemorySegment mapHuge(long bytes, Arena arena) {
    MemorySegment whole = map(bytes + HUGE_PAGE_BYTES, arena);
    MemorySegment aligned = whole.asSlice(-whole.address() & (HUGE_PAGE_BYTES - 1), bytes);
    int unused = advise(aligned, MADV_HUGEPAGE); // a system without them goes on with small ones
    return aligned;
  }

  /** Gives the pages of a page-aligned part of a mapping back; it reads as zeros afterwards. */
  static void discard(MemorySegment pages) {
    int errno = advise(pages, MADV_DONTNEED);
    if (errno != 0) {
      throw refused(Kind.INTERNAL, "giving back " + pages.byteSize() + " bytes", errno);
    }
  }

  /** Returns the error number, 0 for success. */
  private static int advise(MemorySegment pages, int advice) {
    return -(int)
        call(state -> (int) MADVISE.invokeExact(state, pages.address(), pages.byteSize(), advice));
  }

  private static void unmap(MemorySegment mapping) {
    long result =
        call(state -> (int) MUNMAP.invokeExact(state, mapping.address(), mapping.byteSize()));
    if (result < 0) {
      throw refused(Kind.INTERNAL, "unmapping " + mapping.byteSize() + " bytes", (int) -result);
    }
  }

  private interface NativeCall {
    long call(MemorySegment errno) throws Throwable;
  }

  /** What the C function returns, or minus the error number. */
  private static long call(NativeCall nativeCall) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment state = scratch.allocate(ERROR_STATE);
      long result = nativeCall.call(state);
      return result != -1 ? result : -(int) ERRNO.get(state, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("a call of the C library threw", e);
    }
  }

  private static DwarfException refused(Kind kind, String what, int errno) {
    return new DwarfException(
        kind, what + " for a memtable was refused by the system, errno " + errno);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }
}
