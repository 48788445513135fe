package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.openucx.jucx.ucp.UcpParams;

/**
 * What is set for UCX. Everything else is UCX's own affair: its {@code UCX_*} environment variables
 * hold, but for those that are set here.
 *
 * @param transports UCX's list of transports, like {@code tcp} or {@code posix,sysv,tcp}; empty
 *     leaves the choice to UCX. UCX's shared memory is for loopback addresses only, whatever the
 *     list says, since it costs a worker for each connection ({@link Workers})
 * @param verbs one-sided operations by the network card, see the package
 */
record UcxSettings(String transports, boolean verbs) {

  static final String TRANSPORTS_PROPERTY = "dwarf.ucx.tls";
  static final String VERBS_PROPERTY = "dwarf.ucx.verbs";

  /** The transports whose hardware refuses a key that has been deregistered. */
  static final String CHECKING_TRANSPORTS = "rc";

  private static final String ALL = "all";
  private static final String NONE_OF = "^";

  /** UCX's names for sharing memory between processes, one by one and together. */
  private static final Set<String> SHARED_MEMORY =
      Set.of("sm", "shm", "mm", "posix", "sysv", "xpmem", "knem", "cma");

  private static final String ALL_SHARED_MEMORY = "sm";

  /** Who may reach the ports that UCX opens by itself for data, beside those listened on. */
  enum Reach {
    /** This machine only. */
    LOOPBACK,
    /** Whoever reaches the network devices that UCX uses. */
    NETWORK
  }

  static UcxSettings fromProperties() {
    String verbs = System.getProperty(VERBS_PROPERTY, "false");
    if (!verbs.equals("true") && !verbs.equals("false")) {
      throw DwarfException.invalid(VERBS_PROPERTY + "=" + verbs + ": must be true or false");
    }
    boolean verbsWanted = verbs.equals("true");
    String inherited = verbsWanted ? "" : System.getenv().getOrDefault("UCX_TLS", "");
    return of(System.getProperty(TRANSPORTS_PROPERTY, inherited), verbsWanted);
  }

  static UcxSettings of(String transports, boolean verbs) {
    if (verbs && !transports.isEmpty() && !transports.equals(CHECKING_TRANSPORTS)) {
      throw DwarfException.invalid(
          TRANSPORTS_PROPERTY
              + "="
              + transports
              + " with "
              + VERBS_PROPERTY
              + ": only '"
              + CHECKING_TRANSPORTS
              + "' checks keys in hardware; leave out one of the two");
    }
    return new UcxSettings(verbs ? CHECKING_TRANSPORTS : transports, verbs);
  }

  private List<String> names() {
    return Arrays.asList(transports.split(","));
  }

  private boolean isOpen() {
    return transports.isEmpty() || transports.startsWith(NONE_OF) || names().contains(ALL);
  }

  /** Whether connections of that reach may run over memory shared with the peer. */
  boolean mayShareMemory(Reach reach) {
    return reach == Reach.LOOPBACK
        && !verbs
        && (isOpen() || names().stream().anyMatch(SHARED_MEMORY::contains));
  }

  /** The transports for that reach as UCX's list, or empty for all. */
  String transports(Reach reach) {
    if (reach == Reach.LOOPBACK) {
      return transports;
    }
    if (isOpen()) {
      return transports.startsWith(NONE_OF)
          ? transports + "," + ALL_SHARED_MEMORY
          : NONE_OF + ALL_SHARED_MEMORY;
    }
    List<String> others = names().stream().filter(name -> !SHARED_MEMORY.contains(name)).toList();
    if (others.isEmpty()) {
      throw DwarfException.invalid(
          TRANSPORTS_PROPERTY
              + "="
              + transports
              + ": UCX's shared memory is for loopback addresses only; add tcp or rc");
    }
    return String.join(",", others);
  }

  /**
   * Remote memory access is asked of UCX with {@link #verbs} only: a context that has it serves any
   * peer's access to any address by software, without a look at a key.
   */
  UcpParams contextParams(Reach reach) {
    UcpParams params = new UcpParams().requestAmFeature().requestWakeupFeature();
    if (verbs) {
      params.requestRmaFeature();
      params.setMtWorkersShared(true); // memory is registered and deregistered on any thread
      params.setConfig("IB_REG_METHODS", "direct"); // a cache would keep revoked keys alive
      params.setConfig("ZCOPY_THRESH", "inf"); // no registration of local memory on the way
    }
    String allowed = transports(reach);
    if (!allowed.isEmpty()) {
      params.setConfig("TLS", allowed);
    }
    if (reach == Reach.LOOPBACK && !verbs) {
      params.setConfig("NET_DEVICES", "lo");
    }
    if (mayShareMemory(reach)) {
      params.setConfig("MM_SEG_SIZE", "32k"); // larger pieces, and fewer of them than UCX's 256
      params.setConfig("MM_FIFO_SIZE", "128");
      params.setConfig("MM_RX_BUFS_GROW", "128");
    }
    params.setConfig("MM_ERROR_HANDLING", "y"); // else shared memory is not used with our endpoints
    params.setConfig("CM_REUSEADDR", "y"); // a listener that restarts gets its port again
    params.setConfig("MEMTYPE_CACHE", "n"); // there is no memory of graphics cards here
    if (System.getenv("UCX_LOG_LEVEL") == null) {
      params.setConfig("LOG_LEVEL", "fatal"); // a peer that leaves is told as an exception
    }
    return params;
  }
}
