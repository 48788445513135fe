package dwarf.fabric.shm;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.OneSidedContract;
import java.time.Duration;
import java.util.UUID;

/** With threads that poll before they sleep, callers included. */
class ShmSpinningTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return Fabrics.open("shm", options.withThreads(1, Duration.ofNanos(50_000)));
  }

  @Override
  protected FabricAddress freeAddress() {
    return FabricAddress.shm("spinning-" + UUID.randomUUID());
  }
}
