package dwarf.fabric;

import dwarf.base.DwarfException;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Opens transports by the scheme of their addresses. */
public final class Fabrics {

  private Fabrics() {}

  public static Fabric open(String scheme) {
    return open(scheme, FabricOptions.DEFAULTS);
  }

  /** A new transport with threads of its own; the caller closes it. */
  public static Fabric open(String scheme, FabricOptions options) {
    TreeSet<String> known = new TreeSet<>();
    ServiceLoader<FabricProvider> providers =
        ServiceLoader.load(FabricProvider.class, FabricProvider.class.getClassLoader());
    for (FabricProvider provider : providers) {
      if (provider.scheme().equals(scheme)) {
        return provider.open(options);
      }
      known.add(provider.scheme());
    }
    throw DwarfException.invalid("no transport '" + scheme + "': this build has " + known);
  }
}
