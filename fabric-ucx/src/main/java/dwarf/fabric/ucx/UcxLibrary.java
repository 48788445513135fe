package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import org.openucx.jucx.NativeLibs;

/**
 * Loads UCX when it is first asked for, never before, so that nothing else depends on it. jucx
 * carries its own glue (libjucx.so, x86-64 Linux) and links to the system's libucp, libuct, libucs
 * and libucm.
 */
public final class UcxLibrary {

  private UcxLibrary() {}

  /** Returns if UCX is there, else throws NOT_SUPPORTED with what to install. */
  public static void require() {
    try {
      NativeLibs.load();
    } catch (LinkageError e) {
      throw new DwarfException(
          Kind.NOT_SUPPORTED,
          "the ucx transport needs UCX 1.12 or newer, whose libraries did not load ("
              + e.getMessage()
              + "); on Debian and Ubuntu: apt-get install libucx0, for RDMA network cards also"
              + " ibverbs-providers rdma-core",
          e);
    }
  }
}
