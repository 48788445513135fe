package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * One large range of zeroed memory that takes physical pages only where it is used. On Linux it is
 * an anonymous mapping, made and discarded through the C library; elsewhere an ordinary native
 * allocation, whose pages stay.
 */
final class PoolMemory implements AutoCloseable {

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private PoolMemory(long bytes) {
    this.memory = LINUX ? map(bytes, arena) : arena.allocate(bytes, ExtentAllocator.PAGE);
  }

  static PoolMemory reserve(long bytes) {
    return new PoolMemory(bytes);
  }

  MemorySegment memory() {
    return memory;
  }

  /** Zeroes whole pages by giving them back to the operating system, where that is possible. */
  void discard(long offset, long length) {
    Invariants.check(
        offset % ExtentAllocator.PAGE == 0 && length % ExtentAllocator.PAGE == 0,
        "pages are discarded whole");
    MemorySegment pages = memory.asSlice(offset, length);
    if (!LINUX || Native.discard(pages) != 0) {
      pages.fill((byte) 0);
    }
  }

  /** The caller makes sure that nobody uses the memory; a late use throws. */
  @Override
  public void close() {
    arena.close();
  }

  private static MemorySegment map(long bytes, Arena arena) {
    MemorySegment address = Native.map(bytes);
    if (address.address() == -1) {
      arena.close();
      throw new DwarfException(
          DwarfException.Kind.NO_SPACE,
          "the operating system refuses a mapping of "
              + bytes
              + " bytes: make the pool smaller or raise the limit on address space (ulimit -v)");
    }
    return address.reinterpret(bytes, arena, pages -> Native.unmap(pages, bytes));
  }

  /** The C library's functions; their pages need no cleaning by the caller. */
  private static final class Native {

    private static final MethodHandle MMAP =
        bind(
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP =
        bind(
            "munmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE =
        bind(
            "madvise",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));

    private static MethodHandle bind(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    static MemorySegment map(long bytes) {
      try {
        return (MemorySegment)
            MMAP.invokeExact(
                MemorySegment.NULL,
                bytes,
                PROT_READ_WRITE,
                MAP_PRIVATE_ANONYMOUS_NORESERVE,
                -1,
                0L);
      } catch (Throwable failure) {
        throw impossible("mmap", failure);
      }
    }

    static int discard(MemorySegment pages) {
      try {
        return (int) MADVISE.invokeExact(pages, pages.byteSize(), MADV_DONTNEED);
      } catch (Throwable failure) {
        throw impossible("madvise", failure);
      }
    }

    static void unmap(MemorySegment pages, long bytes) {
      try {
        int result = (int) MUNMAP.invokeExact(pages, bytes);
        Invariants.check(result == 0, "munmap accepts what mmap returned");
      } catch (DwarfException broken) {
        throw broken;
      } catch (Throwable failure) {
        throw impossible("munmap", failure);
      }
    }

    private static DwarfException impossible(String function, Throwable failure) {
      return new DwarfException(
          DwarfException.Kind.INTERNAL, "calling " + function + " failed: " + failure, failure);
    }
  }
}
