package dwarf.fabric.tcp;

import dwarf.fabric.FabricAddress;
import java.io.IOException;
import java.net.Socket;

/** A blocking socket that speaks whatever bytes a test gives it. */
final class RawPeer implements AutoCloseable {

  private final Socket socket;

  private RawPeer(Socket socket) {
    this.socket = socket;
  }

  static RawPeer connect(FabricAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.connect(new java.net.InetSocketAddress(address.host(), address.port()));
    return of(socket);
  }

  static RawPeer of(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(15_000);
    return new RawPeer(socket);
  }

  RawPeer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  byte[] receive(int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }

  /** Waits for the other side to end the connection and returns what came before that. */
  byte[] untilEnd() throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException reset) {
      return new byte[0];
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
