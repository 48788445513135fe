package dwarf.fabric.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Takes apart what comes over the socket after the handshake; for one thread. */
final class SocketReader {

  private final SocketChannel socket;
  private final byte[] bytes = new byte[SocketProtocol.MOST_BYTES];
  private int filled;

  /** What was heard: how many signals, a farewell or null, and whether the peer has gone. */
  record Heard(int signals, String farewell, boolean ended) {}

  SocketReader(SocketChannel socket) {
    this.socket = socket;
  }

  /** Reads what there is; CORRUPTION if it makes no sense. */
  Heard read() throws IOException {
    int read = socket.read(ByteBuffer.wrap(bytes, filled, bytes.length - filled));
    if (read < 0) {
      return new Heard(0, null, true);
    }
    filled += read;
    int signals = SocketProtocol.signals(bytes, 0, filled);
    System.arraycopy(bytes, signals, bytes, 0, filled - signals);
    filled -= signals;
    String farewell = SocketProtocol.farewellText(bytes, 0, filled);
    return new Heard(signals, farewell, false);
  }
}
