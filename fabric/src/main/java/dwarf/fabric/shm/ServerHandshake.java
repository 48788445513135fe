package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricCounter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An accepted socket until its HELLO has come and its rings are mapped; confined to the loop. */
final class ServerHandshake implements ShmLoop.Member {

  private static final Logger LOG = LoggerFactory.getLogger(ServerHandshake.class);

  private final ServerLink.Service service;
  private final ShmLoop loop;
  private final SocketChannel socket;
  private final byte[] hello = new byte[Greeting.BYTES];
  private final long deadline;
  private final CompletableFuture<ServerLink> link = new CompletableFuture<>();
  private int filled;

  ServerHandshake(ServerLink.Service service, ShmLoop loop, SocketChannel socket) {
    this.service = service;
    this.loop = loop;
    this.socket = socket;
    deadline = System.nanoTime() + service.options().connectTimeout().toNanos();
  }

  /** Completes with the link, or exceptionally when the socket is closed without one. */
  CompletableFuture<ServerLink> link() {
    return link;
  }

  /** Begins; on the loop. */
  void open() {
    try {
      loop.add(this, socket, SelectionKey.OP_READ);
      onReadable();
    } catch (IOException e) {
      giveUp(e.getMessage());
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
  public void onReadable() {
    if (link.isDone()) {
      return;
    }
    try {
      int read = socket.read(ByteBuffer.wrap(hello, filled, hello.length - filled));
      if (read < 0) {
        giveUp("the peer has disconnected before its greeting");
        return;
      }
      filled += read;
      if (filled == hello.length) {
        greet();
      }
    } catch (IOException e) {
      giveUp(e.getMessage());
    } catch (DwarfException e) {
      refuse(e);
    }
  }

  private void greet() {
    Greeting client = Greeting.decode(hello, Greeting.HELLO);
    RingPair rings = RingPair.open(client.file());
    Greeting welcome = Greeting.of(Greeting.WELCOME, service.options(), service.slots().location());
    SocketProtocol.send(socket, welcome.encode());
    loop.remove(this);
    ServerLink opened =
        new ServerLink(
            service,
            new Link.Parts(service.options(), service.counters(), loop, socket, rings, client));
    link.complete(opened);
    opened.begin();
  }

  private void refuse(DwarfException reason) {
    boolean malformed = reason.kind() == DwarfException.Kind.CORRUPTION;
    service
        .counters()
        .increment(malformed ? FabricCounter.MALFORMED_FRAMES : FabricCounter.CONNECTIONS_REFUSED);
    turnAway(reason.getMessage());
  }

  /** Tells the peer why it is not served, and ends. */
  void turnAway(String reason) {
    LOG.warn("a connection over shared memory was refused: {}", reason);
    SocketProtocol.send(socket, SocketProtocol.farewell(reason));
    giveUp(reason);
  }

  @Override
  public long onTimer(long now) {
    if (now - deadline >= 0 && !link.isDone()) {
      service.counters().increment(FabricCounter.CONNECTIONS_REFUSED);
      turnAway("no greeting within the connect time-out");
    }
    return deadline;
  }

  @Override
  public void failed(Throwable cause) {
    LOG.error("a handshake over shared memory has failed", cause);
    giveUp(String.valueOf(cause));
  }

  /** As {@link #giveUp}, from any thread. */
  void giveUpLater(String reason) {
    loop.execute(() -> giveUp(reason));
  }

  /** Closes the socket unless a link has it; on the loop. */
  private void giveUp(String reason) {
    loop.remove(this);
    if (!link.completeExceptionally(DwarfException.unavailable(String.valueOf(reason)))) {
      return;
    }
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing a refused connection: {}", e.getMessage());
    }
  }
}
