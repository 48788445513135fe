package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Listener;
import dwarf.fabric.Region;
import dwarf.fabric.ServerHandler;
import dwarf.fabric.memory.SharedPages;
import dwarf.fabric.spi.AllocatedRegion;
import dwarf.fabric.spi.Arguments;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.RegionTable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** See the package: loops, a table of grants, and what was opened on them. */
final class ShmFabric implements Fabric {

  private final FabricOptions options;
  private final Rendezvous rendezvous;
  private final FabricCounters counters = new FabricCounters();
  private final RegionTable regions = new RegionTable();
  private final GrantSlots slots = new GrantSlots();
  private final List<ShmLoop> loops;
  private final AtomicInteger nextLoop = new AtomicInteger();
  private final Set<ShmListener> listeners = ConcurrentHashMap.newKeySet();
  private final Set<ShmConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ShmFabric(FabricOptions options, Rendezvous rendezvous) {
    this.options = options;
    this.rendezvous = rendezvous;
    long spin = options.spin().toNanos();
    loops =
        IntStream.rangeClosed(1, options.ioThreads())
            .mapToObj(number -> new ShmLoop("dwarf-fabric-shm-" + number, spin))
            .toList();
    loops.forEach(ShmLoop::start);
  }

  @Override
  public String scheme() {
    return FabricAddress.SHM;
  }

  @Override
  public Listener listen(FabricAddress address, ServerHandler handler) {
    Arguments.checkScheme(scheme(), address);
    checkMayBlock("listen");
    ServerLink.Service service = new ServerLink.Service(options, counters, regions, slots, handler);
    ShmListener listener = ShmListener.open(address, service, loops, rendezvous);
    listeners.add(listener);
    if (closed) {
      listener.close();
      checkOpen();
    }
    return listener;
  }

  @Override
  public Connection connect(FabricAddress address) {
    Arguments.checkScheme(scheme(), address);
    checkMayBlock("connect");
    ShmLoop loop = loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    ClientLink link = new ClientHandshake(address, options, counters).connect(rendezvous, loop);
    loop.execute(link::open);
    ShmConnection connection = new ShmConnection(link);
    connections.add(connection);
    connection.onClose(() -> connections.remove(connection));
    if (closed) {
      connection.close();
      checkOpen();
    }
    return connection;
  }

  @Override
  public Region register(MemorySegment memory) {
    checkOpen();
    return regions.register(memory);
  }

  @Override
  public Region allocate(long bytes) {
    checkOpen();
    Arguments.checkAllocation(bytes);
    SharedPages pages = SharedPages.reserve(rendezvous.directory(), bytes);
    return AllocatedRegion.on(
        pages,
        memory ->
            regions.register(
                memory,
                (offset, length, access) -> slots.publish(pages.location(), offset, length)));
  }

  @Override
  public FabricCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    listeners.forEach(ShmListener::close);
    connections.forEach(ShmConnection::close);
    loops.forEach(ShmLoop::stop);
    regions.close();
    slots.close();
  }

  private void checkMayBlock(String what) {
    checkOpen();
    if (FabricThread.isCurrent()) {
      throw new DwarfException(
          Kind.INTERNAL, what + " blocks, so it must not be called on a fabric thread");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new DwarfException(Kind.CLOSED, "the shm fabric has been closed");
    }
  }
}
