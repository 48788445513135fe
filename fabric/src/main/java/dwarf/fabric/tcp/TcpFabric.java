package dwarf.fabric.tcp;

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
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See the package: event loops, a table of grants, and what was opened on them. */
final class TcpFabric implements Fabric {

  private static final Logger LOG = LoggerFactory.getLogger(TcpFabric.class);
  private static final int BACKLOG = 1024;
  private static final int LEAST_HIGH_WATER = 512 << 10;

  private final FabricOptions options;
  private final EventLoops loops;
  private final FabricCounters counters = new FabricCounters();
  private final RegionTable regions = new RegionTable();
  private final Set<TcpListener> listeners = ConcurrentHashMap.newKeySet();
  private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  TcpFabric(FabricOptions options, boolean epoll) {
    this.options = options;
    loops = EventLoops.start(options, epoll);
  }

  @Override
  public String scheme() {
    return FabricAddress.TCP;
  }

  @Override
  public Listener listen(FabricAddress address, ServerHandler handler) {
    Arguments.checkScheme(scheme(), address);
    checkMayBlock("listen");
    InetAddress host = resolve(address, Kind.INVALID_ARGUMENT);
    checkExposure(address, host);
    TcpListener listener =
        new TcpListener(new ServerLink.Service(options, counters, regions, handler));
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(listener);
    socketOptions().forEach((option, value) -> setChild(bootstrap, option, value));
    ChannelFuture bound =
        bootstrap.bind(new InetSocketAddress(host, address.port())).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new DwarfException(
          Kind.INVALID_ARGUMENT,
          "listen on " + address + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    int port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
    listener.bound(bound.channel(), FabricAddress.tcp(address.host(), port));
    listeners.add(listener);
    bound.channel().closeFuture().addListener(gone -> listeners.remove(listener));
    return listener;
  }

  @Override
  public Connection connect(FabricAddress address) {
    Arguments.checkScheme(scheme(), address);
    checkMayBlock("connect");
    InetAddress host = resolve(address, Kind.UNAVAILABLE);
    ClientLink link = new ClientLink(options, counters);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.clientChannel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis())
            .handler(link);
    socketOptions().forEach((option, value) -> set(bootstrap, option, value));
    ChannelFuture connecting = bootstrap.connect(new InetSocketAddress(host, address.port()));
    awaitHandshake(address, connecting, link);
    TcpConnection connection = new TcpConnection(link, address);
    connections.add(connection);
    connection.onClose(() -> connections.remove(connection));
    if (closed) {
      connection.close();
      checkMayBlock("connect");
    }
    return connection;
  }

  @Override
  public Region register(MemorySegment memory) {
    checkOpen();
    return regions.register(memory);
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
    closed = true;
    listeners.forEach(TcpListener::close);
    connections.forEach(TcpConnection::close);
    loops.stop();
    regions.close();
  }

  private void awaitHandshake(FabricAddress address, ChannelFuture connecting, ClientLink link) {
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            link.ready().completeExceptionally(done.cause());
          }
        });
    try {
      link.ready().get(options.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw cannotConnect(address, connecting, e.getCause());
    } catch (TimeoutException e) {
      throw cannotConnect(address, connecting, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cannotConnect(address, connecting, e);
    }
  }

  private static DwarfException cannotConnect(
      FabricAddress address, ChannelFuture connecting, Throwable cause) {
    var unused = connecting.channel().close();
    String why =
        switch (cause) {
          case TimeoutException e -> "no answer within the connect time-out";
          case InterruptedException e -> "interrupted";
          default -> cause.getMessage();
        };
    return new DwarfException(Kind.UNAVAILABLE, "connect to " + address + ": " + why, cause);
  }

  private Map<ChannelOption<?>, Object> socketOptions() {
    int high = Math.max(LEAST_HIGH_WATER, 2 * options.chunkBytes());
    return Map.of(
        ChannelOption.TCP_NODELAY,
        true,
        ChannelOption.ALLOCATOR,
        PooledByteBufAllocator.DEFAULT,
        ChannelOption.WRITE_BUFFER_WATER_MARK,
        new WriteBufferWaterMark(high / 2, high),
        ChannelOption.RECVBUF_ALLOCATOR,
        new AdaptiveRecvByteBufAllocator(1024, 8192, 256 << 10));
  }

  @SuppressWarnings("unchecked")
  private static void setChild(ServerBootstrap bootstrap, ChannelOption<?> option, Object value) {
    bootstrap.childOption((ChannelOption<Object>) option, value);
  }

  @SuppressWarnings("unchecked")
  private static void set(Bootstrap bootstrap, ChannelOption<?> option, Object value) {
    bootstrap.option((ChannelOption<Object>) option, value);
  }

  private void checkExposure(FabricAddress address, InetAddress host) {
    if (host.isLoopbackAddress()) {
      return;
    }
    if (!options.insecure()) {
      throw DwarfException.invalid(
          "listen on "
              + address
              + ": plain TCP authenticates nobody, so only loopback addresses are allowed; on a"
              + " network you trust set FabricOptions.insecure");
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

  private int connectMillis() {
    return Math.clamp(options.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
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
      throw new DwarfException(Kind.CLOSED, "the tcp fabric has been closed");
    }
  }
}
