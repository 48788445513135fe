package dwarf.fabric.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * Memory of this process alone. On Linux it is an anonymous mapping, elsewhere an ordinary native
 * allocation, whose pages stay.
 *
 * <p>Large ranges are aligned to huge pages and ask for them: searching through memory of many
 * gigabytes in small pages costs a miss of the TLB for nearly every access.
 */
public final class AnonymousPages implements Pages {

  private static final long HUGE_PAGE = 2 << 20;
  private static final long LEAST_HUGE = 16 * HUGE_PAGE;
  private static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private AnonymousPages(long bytes) {
    memory = LINUX ? map(bytes, arena) : arena.allocate(bytes, BYTES);
  }

  public static AnonymousPages reserve(long bytes) {
    return new AnonymousPages(bytes);
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  /** Nothing to do: the system finds a page when it is touched, or ends the process. */
  @Override
  public void commit(long offset, long length) {}

  @Override
  public void discard(long offset, long length) {
    Invariants.check(offset % BYTES == 0 && length % BYTES == 0, "pages are discarded whole");
    MemorySegment pages = memory.asSlice(offset, length);
    if (!LINUX || Libc.advise(pages, Libc.MADV_DONTNEED) != 0) {
      pages.fill((byte) 0);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private static MemorySegment map(long bytes, Arena arena) {
    if (bytes < LEAST_HUGE) {
      return mapped(bytes, arena);
    }
    MemorySegment whole = mapped(bytes + HUGE_PAGE, arena);
    MemorySegment aligned = whole.asSlice(-whole.address() & (HUGE_PAGE - 1), bytes);
    long unused = Libc.advise(aligned, Libc.MADV_HUGEPAGE); // else it goes on with small ones
    return aligned;
  }

  private static MemorySegment mapped(long bytes, Arena arena) {
    long address =
        Libc.map(
            new Libc.Mapping(
                0, bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE_ANONYMOUS_NORESERVE),
            -1,
            0);
    if (address < 0) {
      arena.close();
      throw new DwarfException(
          Kind.NO_SPACE,
          "the operating system refuses a mapping of "
              + bytes
              + " bytes: make the pool smaller or raise the limit on address space (ulimit -v)");
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, Libc::unmap);
  }
}
