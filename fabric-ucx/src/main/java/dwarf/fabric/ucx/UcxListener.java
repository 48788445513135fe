package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.Listener;
import dwarf.fabric.Peer;
import dwarf.fabric.spi.FabricThread;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.openucx.jucx.ucp.UcpConnectionRequest;
import org.openucx.jucx.ucp.UcpListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound port and the links it has accepted. */
final class UcxListener implements Listener {

  private static final Logger LOG = LoggerFactory.getLogger(UcxListener.class);
  private static final AtomicLong PEER_IDS = new AtomicLong();

  /** So many beyond the most are told that they are too many; others are just not connected. */
  private static final int TURNED_AWAY_AT_ONCE = 64;

  private final Progress progress;
  private final ServerLink.Service service;
  private final Set<ServerLink> accepted = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> unbound = new CompletableFuture<>();
  private UcpListener bound; // on the progress thread
  private boolean closed; // on the progress thread
  private volatile FabricAddress address;

  UcxListener(Progress progress, ServerLink.Service service) {
    this.progress = progress;
    this.service = service;
  }

  /** Starts to listen, on the progress thread; throws what UCX throws. */
  void bind(FabricAddress wanted, InetSocketAddress resolved) {
    bound = progress.workers().listen(resolved, this::accept);
    address = new FabricAddress(wanted.scheme(), wanted.host(), bound.getAddress().getPort());
  }

  private void accept(UcpConnectionRequest request) {
    int most = service.home().options().maxConnections();
    if (closed || accepted.size() >= most + TURNED_AWAY_AT_ONCE) {
      request.reject();
      return;
    }
    Peer peer = new Peer(PEER_IDS.incrementAndGet(), "ucx:" + request.getClientAddress());
    ServerLink link = new ServerLink(service, peer);
    if (accepted.size() >= most) {
      service.home().counters().increment(FabricCounter.CONNECTIONS_REFUSED);
      LOG.warn("{} turned away: {} connections are the most for one listener", link, most);
      link.turnAway(
          DwarfException.unavailable("the listener has " + most + " connections, its most"));
    }
    accepted.add(link);
    var unused = link.ended().whenComplete((done, error) -> accepted.remove(link));
    link.accept(request);
  }

  @Override
  public FabricAddress address() {
    return address;
  }

  @Override
  public void close() {
    progress.execute(this::unbind);
    if (FabricThread.isCurrent()) {
      return;
    }
    unbound.join();
    List.copyOf(accepted).forEach(link -> link.ended().join());
  }

  private void unbind() {
    if (!closed) {
      closed = true;
      bound.close();
      DwarfException reason = DwarfException.unavailable("the listener has been closed");
      List.copyOf(accepted).forEach(link -> link.end(reason));
      unbound.complete(null);
    }
  }
}
