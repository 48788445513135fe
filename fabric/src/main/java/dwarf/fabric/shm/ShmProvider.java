package dwarf.fabric.shm;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.FabricProvider;

/** Offers the transport over shared memory. */
public final class ShmProvider implements FabricProvider {

  @Override
  public String scheme() {
    return FabricAddress.SHM;
  }

  @Override
  public Fabric open(FabricOptions options) {
    return new ShmFabric(options, Rendezvous.usual());
  }
}
