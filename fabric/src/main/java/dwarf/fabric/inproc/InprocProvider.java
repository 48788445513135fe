package dwarf.fabric.inproc;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.FabricProvider;

/** Offers the transport within the process. */
public final class InprocProvider implements FabricProvider {

  @Override
  public String scheme() {
    return FabricAddress.INPROC;
  }

  @Override
  public Fabric open(FabricOptions options) {
    return new InprocFabric(options);
  }
}
