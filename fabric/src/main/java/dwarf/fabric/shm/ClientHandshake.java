package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.memory.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * Connects and shakes hands, on the caller's thread. The rings are made here and have no name;
 * their file is closed once the server has answered, because then it has mapped it.
 */
final class ClientHandshake {

  private final FabricAddress address;
  private final FabricOptions options;
  private final FabricCounters counters;

  ClientHandshake(FabricAddress address, FabricOptions options, FabricCounters counters) {
    this.address = address;
    this.options = options;
    this.counters = counters;
  }

  ClientLink connect(Rendezvous rendezvous, ShmLoop loop) {
    int capacity = RingLayout.capacity(options);
    SocketChannel socket = null;
    RingPair rings = null;
    try (SharedFile file = SharedFile.inMemory("dwarf-ring", RingLayout.fileBytes(capacity))) {
      rings = RingPair.create(file, capacity);
      socket = SocketChannel.open(rendezvous.socket(address.host()));
      socket.configureBlocking(false);
      SocketProtocol.send(socket, Greeting.of(Greeting.HELLO, options, file.location()).encode());
      Greeting welcome = welcome(socket);
      PeerMemory memory = new PeerMemory(welcome.file());
      Link.Parts parts = new Link.Parts(options, counters, loop, socket, rings, welcome);
      return new ClientLink(address, parts, memory);
    } catch (IOException e) {
      abandon(socket, rings);
      throw cannotConnect("nobody listens there (" + e.getMessage() + ")", e);
    } catch (DwarfException e) {
      abandon(socket, rings);
      throw e.kind() == Kind.UNAVAILABLE || e.kind() == Kind.CORRUPTION
          ? cannotConnect(e.getMessage(), e)
          : e;
    }
  }

  private Greeting welcome(SocketChannel socket) throws IOException {
    byte[] bytes = new byte[SocketProtocol.MOST_BYTES];
    int filled = 0;
    long deadline = System.nanoTime() + options.connectTimeout().toNanos();
    try (Selector selector = Selector.open()) {
      socket.register(selector, SelectionKey.OP_READ);
      while (true) {
        await(selector, deadline);
        int read = socket.read(ByteBuffer.wrap(bytes, filled, nextBytes(bytes, filled)));
        if (read < 0) {
          throw DwarfException.unavailable("the server has hung up");
        }
        filled += read;
        if (SocketProtocol.isFarewell(bytes, filled)) {
          String text = SocketProtocol.farewellText(bytes, 0, filled);
          if (text != null) {
            throw SocketProtocol.sentAway(text);
          }
        } else if (filled >= Greeting.BYTES) {
          return Greeting.decode(Arrays.copyOf(bytes, Greeting.BYTES), Greeting.WELCOME);
        }
      }
    }
  }

  /** Never more than a greeting, unless it is a farewell: what follows is the link's to read. */
  private static int nextBytes(byte[] bytes, int filled) {
    int start = Greeting.TYPE_AT + 1;
    if (filled < start) {
      return start - filled;
    }
    return (SocketProtocol.isFarewell(bytes, filled) ? bytes.length : Greeting.BYTES) - filled;
  }

  private static void await(Selector selector, long deadline) throws IOException {
    long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
    if (millis <= 0) {
      throw DwarfException.unavailable("no answer within the connect time-out");
    }
    int unused = selector.select(millis);
    if (Thread.currentThread().isInterrupted()) {
      throw DwarfException.unavailable("interrupted");
    }
    selector.selectedKeys().clear();
  }

  private static void abandon(SocketChannel socket, RingPair rings) {
    if (rings != null) {
      rings.close();
    }
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw DwarfException.io("closing a connection that failed", e);
      }
    }
  }

  private DwarfException cannotConnect(String why, Exception cause) {
    return new DwarfException(Kind.UNAVAILABLE, "connect to " + address + ": " + why, cause);
  }
}
