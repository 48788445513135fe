package dwarf.fabric.tcp;

import dwarf.fabric.FabricOptions;
import dwarf.fabric.spi.FabricThread;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.IntSupplier;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads and channel classes of one fabric: native epoll where it loads, else NIO. */
record EventLoops(
    EventLoopGroup group,
    Class<? extends Channel> clientChannel,
    Class<? extends ServerChannel> serverChannel) {

  private static final int EVENTS_GROW_AS_NEEDED = 0;

  static EventLoops start(FabricOptions options, boolean epoll) {
    long spin = options.spin().toNanos();
    AtomicInteger number = new AtomicInteger();
    IoHandlerFactory handlers =
        epoll
            ? EpollIoHandler.newFactory(EVENTS_GROW_AS_NEEDED, () -> new SpinThenSleep(spin))
            : NioIoHandler.newFactory(SelectorProvider.provider(), () -> new SpinThenSleep(spin));
    ThreadFactory threads =
        body -> new FabricThread(body, "dwarf-fabric-tcp-" + number.incrementAndGet());
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(options.ioThreads(), threads, handlers);
    return new EventLoops(
        group,
        epoll ? EpollSocketChannel.class : NioSocketChannel.class,
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
  }

  static boolean epollAvailable() {
    return Epoll.isAvailable();
  }

  /** Ends the threads; returns when they have, unless called on one of them. */
  void stop() {
    var stopped = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    if (!FabricThread.isCurrent()) {
      stopped.awaitUninterruptibly();
    }
  }

  /**
   * Polls for a while after the last event, then sleeps: a thread that sleeps takes tens of
   * microseconds to wake, longer than a whole exchange takes between two that are awake.
   */
  private static final class SpinThenSleep implements SelectStrategy {

    private final long spinNanos;
    private long lastEventNanos = System.nanoTime();

    SpinThenSleep(long spinNanos) {
      this.spinNanos = spinNanos;
    }

    @Override
    public int calculateStrategy(IntSupplier pollNow, boolean hasTasks) throws Exception {
      if (spinNanos == 0) {
        return hasTasks ? pollNow.get() : SELECT;
      }
      int events = pollNow.get();
      long now = System.nanoTime();
      if (events > 0 || hasTasks) {
        lastEventNanos = now;
        return events;
      }
      return now - lastEventNanos < spinNanos ? CONTINUE : SELECT;
    }
  }
}
