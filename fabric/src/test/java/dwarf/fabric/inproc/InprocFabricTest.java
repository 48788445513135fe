package dwarf.fabric.inproc;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.OneSidedContract;
import java.util.concurrent.atomic.AtomicInteger;

class InprocFabricTest extends OneSidedContract {

  private static final AtomicInteger NAMES = new AtomicInteger();

  @Override
  protected Fabric open(FabricOptions options) {
    return Fabrics.open("inproc", options);
  }

  @Override
  protected FabricAddress freeAddress() {
    return FabricAddress.inproc("contract-" + NAMES.incrementAndGet());
  }
}
