package dwarf.fabric.ucx;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.FabricProvider;

/** Offers the transport over UCX; NOT_SUPPORTED where its native libraries are not installed. */
public final class UcxProvider implements FabricProvider {

  static final String SCHEME = "ucx";

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public Fabric open(FabricOptions options) {
    return UcxFabric.open(options, UcxSettings.fromProperties());
  }
}
