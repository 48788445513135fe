package dwarf.fabric.inproc;

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
import dwarf.fabric.spi.AllocatedRegion;
import dwarf.fabric.spi.Arguments;
import dwarf.fabric.spi.FabricThread;
import dwarf.fabric.spi.RegionTable;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * See the package. Listeners of all inproc fabrics of the process share one name space, so that a
 * client's fabric and a server's fabric can be two objects. The only thread watches deadlines.
 */
final class InprocFabric implements Fabric {

  private static final Map<String, InprocListener> NAMES = new ConcurrentHashMap<>();
  private static final AtomicLong PEER_IDS = new AtomicLong();

  private final FabricOptions options;
  private final FabricCounters counters = new FabricCounters();
  private final RegionTable regions = new RegionTable();
  private final Set<InprocListener> listeners = ConcurrentHashMap.newKeySet();
  private final Set<InprocConnection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor deadlines;
  private volatile boolean closed;

  InprocFabric(FabricOptions options) {
    this.options = options;
    deadlines =
        new ScheduledThreadPoolExecutor(
            1, body -> new FabricThread(body, "dwarf-fabric-inproc-deadlines"));
    deadlines.setRemoveOnCancelPolicy(true);
  }

  @Override
  public String scheme() {
    return FabricAddress.INPROC;
  }

  @Override
  public Listener listen(FabricAddress address, ServerHandler handler) {
    Arguments.checkScheme(scheme(), address);
    checkOpen();
    InprocListener listener = new InprocListener(this, address, handler);
    if (NAMES.putIfAbsent(address.host(), listener) != null) {
      throw DwarfException.invalid("listen on " + address + ": the name is in use");
    }
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
    checkOpen();
    InprocListener listener = NAMES.get(address.host());
    if (listener == null) {
      throw DwarfException.unavailable("connect to " + address + ": nobody listens there");
    }
    InprocConnection connection = new InprocConnection(this, listener, PEER_IDS.incrementAndGet());
    connections.add(connection);
    connection.onClose(() -> connections.remove(connection));
    listener.accept(connection);
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
    return AllocatedRegion.anonymous(bytes, this::register);
  }

  @Override
  public FabricCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    closed = true;
    listeners.forEach(InprocListener::close);
    connections.forEach(InprocConnection::close);
    regions.close();
    deadlines.shutdownNow();
    boolean interrupted = Thread.interrupted();
    boolean ended = FabricThread.isCurrent();
    while (!ended) {
      try {
        ended = deadlines.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  FabricOptions options() {
    return options;
  }

  RegionTable regions() {
    return regions;
  }

  Future<?> after(long nanos, Runnable action) {
    return deadlines.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  void forget(InprocListener listener) {
    NAMES.remove(listener.address().host(), listener);
    listeners.remove(listener);
  }

  private void checkOpen() {
    if (closed) {
      throw new DwarfException(Kind.CLOSED, "the inproc fabric has been closed");
    }
  }
}
