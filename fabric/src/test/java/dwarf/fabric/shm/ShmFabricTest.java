package dwarf.fabric.shm;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.OneSidedContract;
import java.util.UUID;

class ShmFabricTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return Fabrics.open("shm", options);
  }

  @Override
  protected FabricAddress freeAddress() {
    return FabricAddress.shm("contract-" + UUID.randomUUID());
  }
}
