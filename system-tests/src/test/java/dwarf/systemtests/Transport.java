package dwarf.systemtests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dwarf.base.DwarfException;
import dwarf.fabric.Fabric;
import dwarf.fabric.Fabrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What may carry everything between processes; UCX only where it is installed. */
public enum Transport {
  TCP("tcp", ""),
  SHM("shm", ""),
  UCX_TCP("ucx", "-Ddwarf.ucx.tls=tcp"),
  UCX_SHM("ucx", "-Ddwarf.ucx.tls=posix,sysv,tcp");

  private static final AtomicLong NEXT = new AtomicLong();
  private static final boolean HAS_UCX = opens(UCX_TCP.scheme);

  private final String scheme;
  private final String flag;

  Transport(String scheme, String flag) {
    this.scheme = scheme;
    this.flag = flag;
  }

  public boolean isThere() {
    return !scheme.equals(UCX_TCP.scheme) || HAS_UCX;
  }

  /** Skips the test if it is not there. */
  void assumeThere() {
    assumeTrue(isThere(), "UCX is not installed");
  }

  /** What a JVM must be told to use this transport and no other. */
  List<String> flags() {
    return flag.isEmpty() ? List.of() : List.of(flag);
  }

  /** An address on this host that nobody else listens on. */
  String freeAddress() {
    return this == SHM
        ? scheme + "://test-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet()
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
