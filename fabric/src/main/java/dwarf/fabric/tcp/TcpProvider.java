package dwarf.fabric.tcp;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.FabricProvider;

/** Offers the transport over TCP. */
public final class TcpProvider implements FabricProvider {

  @Override
  public String scheme() {
    return FabricAddress.TCP;
  }

  @Override
  public Fabric open(FabricOptions options) {
    return new TcpFabric(options, EventLoops.epollAvailable());
  }
}
