package dwarf.fabric.shm;

import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.memory.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client that speaks the protocol by hand. */
final class RawRings implements AutoCloseable {

  static final int CAPACITY = RingLayout.LEAST_CAPACITY;

  private final SharedFile file = SharedFile.inMemory("raw-rings", RingLayout.fileBytes(CAPACITY));
  final RingPair rings = RingPair.create(file, CAPACITY);
  final RingProducer out = new RingProducer(rings.toServer());
  private final SocketChannel socket;

  RawRings(FabricAddress address) throws IOException {
    socket = SocketChannel.open(Rendezvous.usual().socket(address.host()));
  }

  Greeting hello() {
    return Greeting.of(Greeting.HELLO, FabricOptions.DEFAULTS, file.location());
  }

  RawRings send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
    return this;
  }

  /** Greets and reads the answer. */
  RawRings greet() throws IOException {
    send(hello().encode());
    ByteBuffer welcome = ByteBuffer.allocate(Greeting.BYTES);
    while (welcome.hasRemaining()) {
      if (socket.read(welcome) < 0) {
        throw new AssertionError("no welcome");
      }
    }
    Greeting server = Greeting.decode(welcome.array(), Greeting.WELCOME);
    if (server.file().pid() != ProcessHandle.current().pid()) {
      throw new AssertionError("welcome of another process");
    }
    return this;
  }

  /** Wakes the server so that it looks at the ring. */
  RawRings knock() throws IOException {
    return send(ByteBuffer.wrap(new byte[] {SocketProtocol.WAKE}));
  }

  /** The text of the farewell that the server ends the connection with. */
  String farewell() throws IOException {
    ByteBuffer all = ByteBuffer.allocate(SocketProtocol.MOST_BYTES);
    while (socket.read(all) >= 0) {
      int signals = SocketProtocol.signals(all.array(), 0, all.position());
      all.flip().position(signals);
      all.compact();
      String text = SocketProtocol.farewellText(all.array(), 0, all.position());
      if (text != null) {
        return text;
      }
    }
    throw new AssertionError("the connection ended without a farewell");
  }

  @Override
  public void close() throws IOException {
    socket.close();
    rings.close();
    file.close();
  }
}
