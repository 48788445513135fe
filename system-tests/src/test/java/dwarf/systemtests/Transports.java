package dwarf.systemtests;

import dwarf.base.DwarfException;
import dwarf.fabric.Fabric;
import dwarf.fabric.Fabrics;
import java.util.concurrent.atomic.AtomicLong;

/** What may carry everything between processes; ucx only where it is installed. */
public final class Transports {

  public static final String TCP = "tcp";
  public static final String SHM = "shm";
  public static final String UCX = "ucx";

  private static final AtomicLong NEXT = new AtomicLong();
  private static final boolean HAS_UCX = opens(UCX);

  private Transports() {}

  public static boolean isThere(String scheme) {
    return !scheme.equals(UCX) || HAS_UCX;
  }

  /** An address on this host that nobody else listens on. */
  static String freeAddress(String scheme) {
    return scheme.equals(SHM)
        ? SHM + "://test-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet()
        : scheme + "://127.0.0.1:0";
  }

  private static boolean opens(String scheme) {
    try (Fabric fabric = Fabrics.open(scheme)) {
      return fabric.scheme().equals(scheme);
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.NOT_SUPPORTED) {
        throw e;
      }
      System.out.println("NOT RUN over " + scheme + ": " + e.getMessage());
      return false;
    }
  }
}
