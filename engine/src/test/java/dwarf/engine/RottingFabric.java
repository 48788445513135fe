package dwarf.engine;

import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.Listener;
import dwarf.fabric.Region;
import dwarf.fabric.ServerHandler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fabric that knows what memory was registered with it, so that a test can let it rot. */
final class RottingFabric implements Fabric {

  private final Fabric fabric;
  private final List<MemorySegment> registered = new CopyOnWriteArrayList<>();

  RottingFabric(Fabric fabric) {
    this.fabric = fabric;
  }

  void flipBits(int everyBytes) {
    for (MemorySegment memory : registered) {
      for (long at = everyBytes / 2; at < memory.byteSize(); at += everyBytes) {
        byte was = memory.get(ValueLayout.JAVA_BYTE, at);
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) (was ^ 4));
      }
    }
  }

  @Override
  public Region register(MemorySegment memory) {
    registered.add(memory);
    return fabric.register(memory);
  }

  @Override
  public Region allocate(long bytes) {
    Region region = fabric.allocate(bytes);
    registered.add(region.memory());
    return region;
  }

  @Override
  public String scheme() {
    return fabric.scheme();
  }

  @Override
  public Listener listen(FabricAddress address, ServerHandler handler) {
    return fabric.listen(address, handler);
  }

  @Override
  public Connection connect(FabricAddress address) {
    return fabric.connect(address);
  }

  @Override
  public FabricCounters counters() {
    return fabric.counters();
  }

  @Override
  public void close() {
    fabric.close();
  }
}
