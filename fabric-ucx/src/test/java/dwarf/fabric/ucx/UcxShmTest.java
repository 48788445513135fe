package dwarf.fabric.ucx;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.OneSidedContract;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over UCX's shared memory; TCP is there for the handshake. */
@ExtendWith(NeedsUcx.class)
class UcxShmTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return UcxFabric.open(options, UcxSettings.of("posix,sysv,tcp", false));
  }

  @Override
  protected FabricAddress freeAddress() {
    return new FabricAddress("ucx", "127.0.0.1", 0);
  }
}
