package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection: reads frames, gathers writes, keeps it alive, ends it.
 *
 * <p>L1. All state is confined to the channel's event loop, except {@link #execute} and {@code
 * ended}. L2. What other threads queue is run in order and followed by one flush; they wake the
 * loop only if nobody has. L3. {@link #onEnded} runs once, after the last frame, and what is queued
 * later finds {@link #endReason} set. L4. Unread input waits in {@code inbox} only while {@link
 * #mayProceed} is false, when the channel does not read either, so it holds at most what one read
 * brought.
 */
abstract class Link extends ChannelInboundHandlerAdapter implements FrameReader.Receiver {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final long LEAST_TICK_MILLIS = 3;
  private static final long LINGER_MILLIS = 1000;

  protected final FabricOptions options;
  protected final FabricCounters counters;

  private final FrameReader reader;
  private final ArrayDeque<ByteBuf> inbox = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<Runnable> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private Channel channel;
  private volatile DwarfException endReason;
  private boolean greeted;
  private boolean pumping;
  private boolean lingering;
  private boolean reading;
  private boolean unflushed;
  private boolean wroteSinceTick;
  private long tickMillis;
  private long lastHeardNanos;
  private long lastBacklog;

  protected Link(FabricOptions options, FabricCounters counters) {
    this.options = options;
    this.counters = counters;
    reader = new FrameReader(options.maxFrameBytes(), this);
  }

  /** The handshake is complete; from now on heartbeats are due. */
  protected abstract void onGreeted(Hello peer);

  /** The connection is gone; called once, also when the handshake never came about. */
  protected abstract void onEnded(DwarfException reason);

  /** A frame after the handshake. */
  protected abstract FrameSink onFrame(FrameHeader header);

  /** HELLO or WELCOME, whichever the peer has to begin with. */
  protected abstract FrameType expectedGreeting();

  protected final Channel channel() {
    return channel;
  }

  protected final boolean greeted() {
    return greeted;
  }

  /** Why the connection ended, or null as long as it lives; any thread. */
  protected final DwarfException endReason() {
    return endReason;
  }

  /** Completes after {@link #onEnded}; any thread. */
  final CompletableFuture<Void> ended() {
    return ended;
  }

  /** Runs the action on the event loop; any thread. */
  final void execute(Runnable action) {
    if (channel.eventLoop().inEventLoop()) {
      guarded(action);
      flush();
      return;
    }
    outbox.add(action);
    if (scheduled.compareAndSet(false, true)) {
      try {
        channel.eventLoop().execute(this::drainOutbox);
      } catch (RejectedExecutionException loopHasEnded) {
        drainOutbox();
      }
    }
  }

  private void drainOutbox() {
    scheduled.set(false);
    for (Runnable action = outbox.poll(); action != null; action = outbox.poll()) {
      guarded(action);
    }
    flush();
  }

  /** Runs the action on the event loop after a delay; on the loop. */
  protected final void later(long delay, TimeUnit unit, Runnable action) {
    var unused = channel.eventLoop().schedule(() -> guarded(action), delay, unit);
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /** Queues a frame; it leaves with the next {@link #flush}. */
  protected final void write(ByteBuf frame) {
    var unused = channel.write(frame, channel.voidPromise());
    written();
  }

  protected final void written() {
    unflushed = true;
    wroteSinceTick = true;
  }

  /** Flushes what was written, unless a read is under way, whose end does it for all. */
  protected final void flush() {
    if (unflushed && !reading) {
      unflushed = false;
      channel.flush();
    }
  }

  /** Ends the connection for the given reason; the first one counts. */
  protected final void end(DwarfException reason) {
    if (endReason == null) {
      endReason = reason;
    }
    var unused = channel.close();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    lastHeardNanos = System.nanoTime();
    later(options.connectTimeout().toNanos(), TimeUnit.NANOSECONDS, this::checkGreeted);
  }

  private void checkGreeted() {
    if (!greeted && endReason == null) {
      counters.increment(FabricCounter.CONNECTIONS_REFUSED);
      end(DwarfException.unavailable("no greeting from the peer within the connect time-out"));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    lastHeardNanos = System.nanoTime();
    inbox.add((ByteBuf) message);
    pump();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    pump();
    flush();
  }

  /**
   * Feeds what has arrived to the reader, as far as it may proceed. A flush can make the channel
   * writable again before it returns; the loop sees to that instead of a recursion.
   */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      do {
        feed();
        if (!mayProceed()) {
          flush();
        }
      } while (!inbox.isEmpty() && mayProceed());
    } finally {
      pumping = false;
    }
    channel.config().setAutoRead(lingering || mayProceed());
  }

  private void feed() {
    reading = true;
    try {
      while (!inbox.isEmpty()) {
        ByteBuf next = inbox.peek();
        if (endReason == null) {
          reader.feed(next);
        }
        if (next.isReadable() && endReason == null) {
          break;
        }
        inbox.remove().release();
      }
    } catch (DwarfException e) {
      malformed(e);
    } finally {
      reading = false;
    }
  }

  @Override
  public boolean mayProceed() {
    return endReason == null;
  }

  @Override
  public final FrameSink begin(FrameHeader header) {
    if (header.type() == FrameType.ERROR && header.id() == 0) {
      return new CollectSink(header.length(), text -> sentAway(header.code(), text));
    }
    if (header.type() == expectedGreeting() && !greeted) {
      return new CollectSink(header.length(), this::greet);
    }
    if (!greeted) {
      throw FrameHeader.malformed(header.type() + " before " + expectedGreeting());
    }
    return header.type() == FrameType.PING ? FrameSink.discard(() -> {}) : onFrame(header);
  }

  private void greet(byte[] payload) {
    Hello peer = Hello.decode(Unpooled.wrappedBuffer(payload));
    greeted = true;
    counters.increment(FabricCounter.CONNECTIONS_OPENED);
    long idle = Math.min(options.idleTimeout().toMillis(), peer.idleMillis());
    tickMillis = Math.max(LEAST_TICK_MILLIS, idle / 3);
    later(tickMillis, TimeUnit.MILLISECONDS, this::tick);
    onGreeted(peer);
  }

  private void sentAway(int code, byte[] text) {
    String message = CONTROL.matcher(new String(text, StandardCharsets.UTF_8)).replaceAll("?");
    LOG.warn("{} ended the connection: {} {}", this, Kind.fromCode(code), message);
    end(DwarfException.unavailable("the peer ended the connection: " + message));
  }

  private void tick() {
    if (endReason != null) {
      return;
    }
    long now = System.nanoTime();
    long backlog = channel.bytesBeforeWritable();
    if (!channel.config().isAutoRead() && backlog < lastBacklog) {
      lastHeardNanos = now; // we do not listen, but the peer takes bytes: it lives
    }
    lastBacklog = backlog;
    if (now - lastHeardNanos > options.idleTimeout().toNanos()) {
      counters.increment(FabricCounter.IDLE_CLOSED);
      LOG.warn("{}: nothing heard for {}, closing the connection", this, options.idleTimeout());
      end(DwarfException.unavailable("nothing heard from the peer for " + options.idleTimeout()));
    } else if (!wroteSinceTick && backlog == 0) {
      write(Frames.empty(channel.alloc(), FrameType.PING, 0));
      flush();
    }
    wroteSinceTick = false;
    later(tickMillis, TimeUnit.MILLISECONDS, this::tick);
  }

  /** Gives up on a peer whose bytes make no sense, telling it why if it can still hear. */
  private void malformed(DwarfException reason) {
    counters.increment(FabricCounter.MALFORMED_FRAMES);
    LOG.warn("{}: {}, closing the connection", this, reason.getMessage());
    sendAway(reason);
    inbox.forEach(ByteBuf::release);
    inbox.clear();
  }

  /**
   * Tells the peer why and ends the connection. What the peer still sends is read and dropped for a
   * moment: closing over unread bytes would reset the connection, and the reason would be lost.
   */
  protected final void sendAway(DwarfException reason) {
    if (endReason != null) {
      return;
    }
    endReason = DwarfException.unavailable("connection closed: " + reason.getMessage());
    lingering = true;
    write(Frames.error(channel.alloc(), 0, reason));
    unflushed = false;
    channel.flush();
    var unused = ((DuplexChannel) channel).shutdownOutput();
    channel.config().setAutoRead(true);
    later(LINGER_MILLIS, TimeUnit.MILLISECONDS, () -> end(endReason));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(cause);
  }

  private void failed(Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("{}: {}", this, cause.getMessage());
    } else {
      LOG.error("{}: unexpected error, closing the connection", this, cause);
    }
    end(new DwarfException(Kind.UNAVAILABLE, "connection failed: " + cause.getMessage(), cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    finish();
  }

  private void finish() {
    if (ended.isDone()) {
      return;
    }
    if (endReason == null) {
      endReason = DwarfException.unavailable("the peer has disconnected");
    }
    inbox.forEach(ByteBuf::release);
    inbox.clear();
    if (greeted) {
      counters.increment(FabricCounter.CONNECTIONS_CLOSED);
    }
    onEnded(endReason);
    ended.complete(null);
  }

  @Override
  public String toString() {
    return "tcp peer " + (channel == null ? "?" : channel.remoteAddress());
  }
}
