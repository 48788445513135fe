package dwarf.fabric.spi;

import dwarf.fabric.Access;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.memory.AnonymousPages;
import dwarf.fabric.memory.Pages;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** A region on memory of its own, which is freed with it. */
public final class AllocatedRegion implements Region {

  private final Pages pages;
  private final Region region;
  private boolean closed; // guarded by this

  private AllocatedRegion(Pages pages, Region region) {
    this.pages = pages;
    this.region = region;
  }

  /** A region on anonymous memory. */
  public static Region anonymous(long bytes, Function<MemorySegment, Region> register) {
    Arguments.checkAllocation(bytes);
    return on(AnonymousPages.reserve(bytes), register);
  }

  /** A region on these pages; they are freed if they cannot be registered. */
  public static Region on(Pages pages, Function<MemorySegment, Region> register) {
    try {
      return new AllocatedRegion(pages, register.apply(pages.memory()));
    } catch (RuntimeException | Error e) {
      pages.close();
      throw e;
    }
  }

  @Override
  public MemorySegment memory() {
    return pages.memory();
  }

  @Override
  public RemoteKey grant(long offset, long length, Access access) {
    return region.grant(offset, length, access);
  }

  @Override
  public void revoke(RemoteKey key) {
    region.revoke(key);
  }

  @Override
  public void commit(long offset, long length) {
    pages.commit(offset, length);
  }

  @Override
  public void discard(long offset, long length) {
    pages.discard(offset, length);
  }

  @Override
  public void close() {
    region.close();
    synchronized (this) {
      if (!closed) {
        closed = true;
        pages.close();
      }
    }
  }
}
