package dwarf.fabric;

import dwarf.base.DwarfException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a listener is: {@code tcp://127.0.0.1:7000}, {@code tcp://[::1]:7000}, {@code
 * inproc://name}, {@code shm://name}. Without a scheme it is tcp.
 *
 * @param host host name or literal, without brackets; for inproc the name, unique in the process,
 *     and for shm the name, unique in the directory where processes of this host meet
 * @param port 0 to 65535, where 0 lets the listener choose; always 0 for inproc and shm
 */
public record FabricAddress(String scheme, String host, int port) {

  public static final String INPROC = "inproc";
  public static final String SHM = "shm";
  public static final String TCP = "tcp";

  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");
  private static final Pattern TEXT =
      Pattern.compile("(?:([^:/]+)://)?(?:\\[([^\\]]+)\\]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");

  public FabricAddress {
    if (!SCHEME.matcher(scheme).matches()) {
      throw bad(scheme, "the scheme must be like 'tcp' or 'inproc'");
    }
    if (!HOST.matcher(host).matches()) {
      throw bad(host, "the host has a character that no host has");
    }
    if (port < 0 || port > 65535) {
      throw bad(host + ":" + port, "the port must be 0 to 65535");
    }
    if (isName(scheme) && (port != 0 || host.indexOf(':') >= 0)) {
      throw bad(host + ":" + port, "an address of " + scheme + " is a name without a port");
    }
  }

  /** Reads what {@link #toString} writes, and {@code host:port} as tcp; else INVALID_ARGUMENT. */
  public static FabricAddress parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw bad(text, "expected tcp://host:port, host:port, shm://name or inproc://name");
    }
    String scheme = parts.group(1) == null ? TCP : parts.group(1);
    String host = parts.group(2) == null ? parts.group(3) : parts.group(2);
    boolean hasPort = parts.group(4) != null;
    if (isName(scheme) == hasPort) {
      throw bad(text, hasPort ? "a name has no port" : "the port is missing");
    }
    return new FabricAddress(scheme, host, hasPort ? Integer.parseInt(parts.group(4)) : 0);
  }

  public static FabricAddress inproc(String name) {
    return new FabricAddress(INPROC, name, 0);
  }

  public static FabricAddress shm(String name) {
    return new FabricAddress(SHM, name, 0);
  }

  public static FabricAddress tcp(String host, int port) {
    return new FabricAddress(TCP, host, port);
  }

  @Override
  public String toString() {
    if (isName(scheme)) {
      return scheme + "://" + host;
    }
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + "://" + shown + ":" + port;
  }

  private static boolean isName(String scheme) {
    return scheme.equals(INPROC) || scheme.equals(SHM);
  }

  private static DwarfException bad(String text, String rule) {
    return DwarfException.invalid("address '" + text + "': " + rule);
  }
}
