package dwarf.fabric.faults;

import dwarf.fabric.FabricAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP relay on a loopback port that a test can turn into a bad network: flips bits, swallows,
 * stalls, slows down, truncates and cuts. It knows nothing of frames. Works for any TCP server,
 * also in another process. Positions count the bytes of all its connections together, so use a
 * proxy of its own for a connection that a certain byte has to hit.
 */
public final class ByteProxy implements AutoCloseable {

  /** Which way bytes go. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  /** The state of one direction; positions count all bytes of that direction since the start. */
  private static final class Lane {
    final AtomicLong passed = new AtomicLong();
    volatile boolean swallow;
    volatile boolean stall;
    volatile long nanosPerByte;
    volatile long flipAt = -1;
    volatile int flipMask;
    volatile long cutAt = -1;
  }

  private static final int BUFFER = 16 << 10;

  private final ServerSocket acceptor;
  private final FabricAddress target;
  private final Map<Direction, Lane> lanes = new EnumMap<>(Direction.class);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  private ByteProxy(ServerSocket acceptor, FabricAddress target) {
    this.acceptor = acceptor;
    this.target = target;
    for (Direction direction : Direction.values()) {
      lanes.put(direction, new Lane());
    }
  }

  /** A relay to the target; connect to {@link #address} instead of it. */
  public static ByteProxy to(FabricAddress target) {
    try {
      ServerSocket acceptor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      ByteProxy proxy = new ByteProxy(acceptor, target);
      Thread.ofVirtual().name("byte-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public FabricAddress address() {
    return FabricAddress.tcp("127.0.0.1", acceptor.getLocalPort());
  }

  /** Bytes that have passed, including swallowed ones. */
  public long passed(Direction direction) {
    return lanes.get(direction).passed.get();
  }

  /** Flips a bit of the byte that comes after {@code skip} more bytes of that direction. */
  public void flip(Direction direction, long skip, int bit) {
    Lane lane = lanes.get(direction);
    lane.flipMask = 1 << bit;
    lane.flipAt = lane.passed.get() + skip;
  }

  /** Cuts every connection once {@code bytes} more have passed in that direction. */
  public void cutAfter(Direction direction, long bytes) {
    Lane lane = lanes.get(direction);
    lane.cutAt = lane.passed.get() + bytes;
  }

  /** Takes bytes and delivers none, as a half-open connection does: no end, no error. */
  public void swallow(Direction direction, boolean on) {
    lanes.get(direction).swallow = on;
  }

  /** Takes no more bytes, so that the sender's buffers fill. */
  public void stall(Direction direction, boolean on) {
    lanes.get(direction).stall = on;
  }

  /** Limits the rate; 0 for no limit. */
  public void slow(Direction direction, long bytesPerSecond) {
    lanes.get(direction).nanosPerByte =
        bytesPerSecond == 0 ? 0 : Math.max(1, 1_000_000_000L / bytesPerSecond);
  }

  /** Resets every connection. */
  public void cut() {
    sockets.forEach(this::reset);
  }

  /** Whether new connections are reset at once. */
  public void refuse(boolean on) {
    refusing = on;
  }

  @Override
  public void close() {
    try {
      acceptor.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void accept() {
    while (!acceptor.isClosed()) {
      try {
        relay(acceptor.accept());
      } catch (IOException e) {
        if (!acceptor.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void relay(Socket client) {
    sockets.add(client);
    if (refusing) {
      reset(client);
      return;
    }
    try {
      Socket server = new Socket(target.host(), target.port());
      sockets.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread.startVirtualThread(() -> pump(Direction.TO_SERVER, client, server));
      Thread.startVirtualThread(() -> pump(Direction.TO_CLIENT, server, client));
    } catch (IOException targetIsDown) {
      reset(client);
    }
  }

  private void pump(Direction direction, Socket from, Socket to) {
    Lane lane = lanes.get(direction);
    byte[] buffer = new byte[BUFFER];
    try {
      while (true) {
        int size = from.getInputStream().read(buffer);
        while (lane.stall && !from.isClosed()) {
          LockSupport.parkNanos(1_000_000);
        }
        if (size < 0) {
          to.shutdownOutput();
          return;
        }
        deliver(lane, buffer, size, to);
      }
    } catch (IOException connectionEnded) {
      reset(from);
      reset(to);
    }
  }

  private void deliver(Lane lane, byte[] buffer, int size, Socket to) throws IOException {
    long start = lane.passed.getAndAdd(size);
    long flip = lane.flipAt - start;
    if (flip >= 0 && flip < size) {
      buffer[(int) flip] ^= (byte) lane.flipMask;
      lane.flipAt = -1;
    }
    long cut = lane.cutAt < 0 ? Long.MAX_VALUE : lane.cutAt - start;
    if (!lane.swallow) {
      to.getOutputStream().write(buffer, 0, (int) Math.min(size, Math.max(0, cut)));
    }
    if (cut <= size) {
      lane.cutAt = -1;
      throw new IOException("cut");
    }
    if (lane.nanosPerByte > 0) {
      LockSupport.parkNanos(lane.nanosPerByte * size);
    }
  }

  private void reset(Socket socket) {
    sockets.remove(socket);
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
