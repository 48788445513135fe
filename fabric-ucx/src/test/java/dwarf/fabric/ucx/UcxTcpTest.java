package dwarf.fabric.ucx;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.OneSidedContract;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over UCX's TCP transport. */
@ExtendWith(NeedsUcx.class)
class UcxTcpTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return UcxFabric.open(options, UcxSettings.of("tcp", false));
  }

  @Override
  protected FabricAddress freeAddress() {
    return new FabricAddress("ucx", "127.0.0.1", 0);
  }
}
