package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.Listener;
import dwarf.fabric.Peer;
import dwarf.fabric.spi.FabricThread;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound port and the links it has accepted. */
final class TcpListener extends ChannelInitializer<Channel> implements Listener {

  private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
  private static final AtomicLong PEER_IDS = new AtomicLong();

  private final ServerLink.Service service;
  private final Set<ServerLink> accepted = ConcurrentHashMap.newKeySet();
  private volatile FabricAddress address;
  private volatile Channel bound;
  private volatile boolean closed;

  TcpListener(ServerLink.Service service) {
    this.service = service;
  }

  void bound(Channel channel, FabricAddress actual) {
    bound = channel;
    address = actual;
  }

  @Override
  public boolean isSharable() {
    return true;
  }

  @Override
  protected void initChannel(Channel channel) {
    Peer peer = new Peer(PEER_IDS.incrementAndGet(), "tcp:/" + channel.remoteAddress());
    ServerLink link = new ServerLink(service, peer);
    accepted.add(link);
    var unused = link.ended().whenComplete((done, error) -> accepted.remove(link));
    channel.pipeline().addLast(link);
    int most = service.options().maxConnections();
    if (closed) {
      link.end(DwarfException.unavailable("the listener has been closed"));
    } else if (accepted.size() > most) {
      service.counters().increment(FabricCounter.CONNECTIONS_REFUSED);
      LOG.warn("{} turned away: {} connections are the most for one listener", link, most);
      link.turnAway(
          DwarfException.unavailable("the listener has " + most + " connections, its most"));
    }
  }

  @Override
  public FabricAddress address() {
    return address;
  }

  @Override
  public void close() {
    closed = true;
    boolean wait = !FabricThread.isCurrent();
    var unbound = bound.close();
    if (wait) {
      unbound.awaitUninterruptibly();
    }
    List<ServerLink> open = List.copyOf(accepted);
    DwarfException reason = DwarfException.unavailable("the listener has been closed");
    open.forEach(link -> link.execute(() -> link.end(reason)));
    if (wait) {
      open.forEach(link -> link.ended().join());
    }
  }
}
