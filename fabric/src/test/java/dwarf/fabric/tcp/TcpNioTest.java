package dwarf.fabric.tcp;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.OneSidedContract;
import java.time.Duration;

/** The fallback, and with it event loops that spin. */
class TcpNioTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return new TcpFabric(options.withThreads(2, Duration.ofNanos(20_000)), false);
  }

  @Override
  protected FabricAddress freeAddress() {
    return FabricAddress.tcp("127.0.0.1", 0);
  }
}
