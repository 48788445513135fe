package dwarf.fabric.faults;

import dwarf.base.DwarfException;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.Listener;
import dwarf.fabric.Region;
import dwarf.fabric.ServerHandler;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * A transport with faults: wraps any other and mistreats the operations of connections made through
 * it. Listeners and regions are the wrapped fabric's own.
 */
public final class FaultyFabric implements Fabric {

  private final Fabric inner;
  private final Faults faults;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("faulty-fabric-timer").factory());

  public FaultyFabric(Fabric inner, Faults faults) {
    this.inner = inner;
    this.faults = faults;
    timer.setRemoveOnCancelPolicy(true);
    faults.onCut(() -> connections.forEach(Connection::close));
  }

  @Override
  public String scheme() {
    return inner.scheme();
  }

  @Override
  public Listener listen(FabricAddress address, ServerHandler handler) {
    return inner.listen(address, handler);
  }

  @Override
  public Connection connect(FabricAddress address) {
    if (faults.refusesConnections()) {
      throw DwarfException.unavailable("connect to " + address + ": injected fault");
    }
    Connection connection = inner.connect(address);
    connections.add(connection);
    connection.onClose(() -> connections.remove(connection));
    return new FaultyConnection(connection, faults, timer);
  }

  @Override
  public Region register(MemorySegment memory) {
    return inner.register(memory);
  }

  @Override
  public Region allocate(long bytes) {
    return inner.allocate(bytes);
  }

  @Override
  public FabricCounters counters() {
    return inner.counters();
  }

  @Override
  public void close() {
    inner.close();
    timer.shutdownNow();
  }
}
