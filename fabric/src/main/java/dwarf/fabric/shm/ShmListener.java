package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.Listener;
import dwarf.fabric.memory.LockFile;
import dwarf.fabric.spi.FabricThread;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound name and what it has accepted. Who holds the name's lock owns it, so a socket file found
 * there is a dead listener's and is replaced.
 */
final class ShmListener implements Listener, ShmLoop.Member {

  private static final Logger LOG = LoggerFactory.getLogger(ShmListener.class);
  private static final int BACKLOG = 128;

  private final FabricAddress address;
  private final ServerLink.Service service;
  private final List<ShmLoop> loops;
  private final LockFile lock;
  private final Path socketFile;
  private final ServerSocketChannel socket;
  private final Set<ServerHandshake> accepted = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int next;
  private volatile boolean closed;

  private ShmListener(
      FabricAddress address,
      ServerLink.Service service,
      List<ShmLoop> loops,
      Rendezvous rendezvous,
      LockFile lock)
      throws IOException {
    this.address = address;
    this.service = service;
    this.loops = loops;
    this.lock = lock;
    socketFile = rendezvous.socketFile(address.host());
    Files.deleteIfExists(socketFile);
    socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(rendezvous.socket(address.host()), BACKLOG);
    socket.configureBlocking(false);
  }

  /** Binds the name and begins to accept; INVALID_ARGUMENT if it is in use. */
  static ShmListener open(
      FabricAddress address,
      ServerLink.Service service,
      List<ShmLoop> loops,
      Rendezvous rendezvous) {
    Path path = rendezvous.socketFile(address.host());
    LockFile lock = LockFile.tryLock(rendezvous.lockFile(address.host()));
    if (lock == null) {
      throw DwarfException.invalid("listen on " + address + ": the name is in use, at " + path);
    }
    try {
      ShmListener listener = new ShmListener(address, service, loops, rendezvous, lock);
      loops.getFirst().execute(listener::begin);
      return listener;
    } catch (IOException e) {
      lock.close();
      throw DwarfException.io("listen on " + address + " at " + path + ": " + e.getMessage(), e);
    }
  }

  private void begin() {
    try {
      if (!closed) {
        loops.getFirst().add(this, socket, SelectionKey.OP_ACCEPT);
      }
    } catch (IOException e) {
      LOG.error("cannot accept connections on {}", address, e);
    }
  }

  @Override
  public int poll() {
    return 0;
  }

  @Override
  public boolean prepareSleep() {
    return true;
  }

  @Override
  public long onTimer(long now) {
    return now + Long.MAX_VALUE / 2;
  }

  @Override
  public void onReadable() {
    try {
      for (SocketChannel peer = socket.accept(); peer != null; peer = socket.accept()) {
        peer.configureBlocking(false);
        accept(peer);
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.warn("accepting a connection on {}: {}", address, e.getMessage());
      }
    }
  }

  @Override
  public void failed(Throwable cause) {
    LOG.error("accepting a connection on {} has failed", address, cause);
  }

  private void accept(SocketChannel peer) {
    ShmLoop loop = loops.get(next++ % loops.size());
    ServerHandshake handshake = new ServerHandshake(service, loop, peer);
    accepted.add(handshake);
    var unused =
        handshake
            .link()
            .thenCompose(ServerLink::ended)
            .whenComplete((done, failure) -> accepted.remove(handshake));
    int most = service.options().maxConnections();
    if (accepted.size() > most) {
      service.counters().increment(FabricCounter.CONNECTIONS_REFUSED);
      loop.execute(() -> handshake.turnAway("the listener has " + most + " connections, its most"));
    } else {
      loop.execute(handshake::open);
    }
  }

  @Override
  public FabricAddress address() {
    return address;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      loops.getFirst().execute(this::unbind);
    }
    if (!FabricThread.isCurrent()) {
      ended.join();
    }
  }

  private void unbind() {
    loops.getFirst().remove(this);
    try {
      Files.deleteIfExists(socketFile);
      socket.close();
    } catch (IOException e) {
      LOG.warn("closing {}: {}", address, e.getMessage());
    }
    lock.close();
    CompletableFuture<?>[] ends =
        accepted.stream().map(this::end).toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(ends).whenComplete((done, failure) -> ended.complete(null));
  }

  private CompletableFuture<Void> end(ServerHandshake handshake) {
    DwarfException reason = new DwarfException(Kind.UNAVAILABLE, "the listener has been closed");
    handshake.giveUpLater("the listener has been closed");
    return handshake
        .link()
        .thenCompose(
            link -> {
              link.end(reason);
              return link.ended();
            });
  }
}
