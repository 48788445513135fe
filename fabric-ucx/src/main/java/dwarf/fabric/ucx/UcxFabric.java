package dwarf.fabric.ucx;

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openucx.jucx.UcxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * See the package: two threads at most with their workers, a table of grants, and what was opened
 * on them. Each thread is started when it is first needed: one for this machine, which nobody else
 * reaches, and one for the network.
 */
final class UcxFabric implements Fabric {

  private static final Logger LOG = LoggerFactory.getLogger(UcxFabric.class);

  private final FabricOptions options;
  private final UcxSettings settings;
  private final FabricCounters counters = new FabricCounters();
  private final RegionTable regions = new RegionTable();
  private final Map<UcxSettings.Reach, Progress> workers =
      new EnumMap<>(UcxSettings.Reach.class); // guarded by itself
  private final Set<UcxListener> listeners = ConcurrentHashMap.newKeySet();
  private final Set<UcxConnection> connections = ConcurrentHashMap.newKeySet();
  private VerbsKeys verbs; // null without; set before the fabric is given out
  private volatile boolean closed; // set under workers

  private UcxFabric(FabricOptions options, UcxSettings settings) {
    this.options = options;
    this.settings = settings;
  }

  static UcxFabric open(FabricOptions options, UcxSettings settings) {
    UcxLibrary.require();
    UcxFabric fabric = new UcxFabric(options, settings);
    if (settings.verbs()) {
      fabric.startVerbs();
    }
    return fabric;
  }

  private void startVerbs() {
    verbs = new VerbsKeys(worker(UcxSettings.Reach.NETWORK).context());
  }

  @Override
  public String scheme() {
    return UcxProvider.SCHEME;
  }

  @Override
  public Listener listen(FabricAddress address, ServerHandler handler) {
    Arguments.checkScheme(scheme(), address);
    checkMayBlock("listen");
    InetAddress host = resolve(address, Kind.INVALID_ARGUMENT);
    checkExposure(address, host);
    Progress progress = worker(host);
    Link.Home home = new Link.Home(progress, options, counters, verbs);
    UcxListener listener =
        new UcxListener(progress, new ServerLink.Service(home, regions, handler));
    bind(progress, listener, address, host);
    listeners.add(listener);
    if (closed) {
      listener.close();
      checkOpen();
    }
    return listener;
  }

  private static void bind(
      Progress progress, UcxListener listener, FabricAddress address, InetAddress host) {
    CompletableFuture<Void> bound = new CompletableFuture<>();
    progress.execute(
        () -> {
          try {
            listener.bind(address, new InetSocketAddress(host, address.port()));
            bound.complete(null);
          } catch (UcxException e) {
            bound.completeExceptionally(
                DwarfException.invalid("listen on " + address + ": " + e.getMessage()));
          }
        });
    try {
      bound.join();
    } catch (CompletionException e) {
      throw (DwarfException) e.getCause();
    }
  }

  @Override
  public Connection connect(FabricAddress address) {
    Arguments.checkScheme(scheme(), address);
    checkMayBlock("connect");
    InetAddress host = resolve(address, Kind.UNAVAILABLE);
    Link.Home home = new Link.Home(worker(host), options, counters, verbs);
    ClientLink link = new ClientLink(home, new InetSocketAddress(host, address.port()));
    link.execute(link::connect);
    awaitHandshake(address, link);
    UcxConnection connection = new UcxConnection(link, address);
    connections.add(connection);
    connection.onClose(() -> connections.remove(connection));
    if (closed) {
      connection.close();
      checkOpen();
    }
    return connection;
  }

  private void awaitHandshake(FabricAddress address, ClientLink link) {
    try {
      link.ready().get(options.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw cannotConnect(address, link, e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw cannotConnect(address, link, "no answer within the connect time-out", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cannotConnect(address, link, "interrupted", e);
    }
  }

  private static DwarfException cannotConnect(
      FabricAddress address, ClientLink link, String why, Throwable cause) {
    link.execute(() -> link.end(DwarfException.unavailable("given up: " + why)));
    return new DwarfException(Kind.UNAVAILABLE, "connect to " + address + ": " + why, cause);
  }

  @Override
  public Region register(MemorySegment memory) {
    checkOpen();
    Region region = regions.register(memory);
    return verbs == null ? region : new VerbsRegion(region, verbs);
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
    List<Progress> started;
    synchronized (workers) {
      closed = true;
      started = List.copyOf(workers.values());
    }
    listeners.forEach(UcxListener::close);
    connections.forEach(UcxConnection::close);
    regions.close();
    if (verbs != null) {
      verbs.close();
    }
    started.forEach(Progress::stop);
  }

  /** With verbs there is one worker, since a key is worth something to the worker's own cards. */
  private Progress worker(InetAddress host) {
    return worker(
        host.isLoopbackAddress() && !settings.verbs()
            ? UcxSettings.Reach.LOOPBACK
            : UcxSettings.Reach.NETWORK);
  }

  private Progress worker(UcxSettings.Reach reach) {
    synchronized (workers) {
      checkOpen();
      return workers.computeIfAbsent(
          reach, wanted -> Progress.start(settings, wanted, options.spin(), counters));
    }
  }

  private void checkExposure(FabricAddress address, InetAddress host) {
    if (host.isLoopbackAddress()) {
      return;
    }
    if (!options.insecure()) {
      throw DwarfException.invalid(
          "listen on "
              + address
              + ": UCX authenticates nobody, so only loopback addresses are allowed; on a network"
              + " you trust set FabricOptions.insecure");
    }
    LOG.warn(
        "listening on {}: whoever reaches this address can use it, nothing is encrypted", address);
  }

  private static InetAddress resolve(FabricAddress address, Kind failure) {
    try {
      return InetAddress.getByName(address.host());
    } catch (UnknownHostException e) {
      throw new DwarfException(failure, "address " + address + ": unknown host", e);
    }
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
      throw new DwarfException(Kind.CLOSED, "the ucx fabric has been closed");
    }
  }
}
