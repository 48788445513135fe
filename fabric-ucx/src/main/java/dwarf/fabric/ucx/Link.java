package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection: checks messages, keeps the connection alive, ends it.
 *
 * <p>L1. All state is confined to the progress thread, except {@link #execute}, {@code endReason}
 * and {@code ended}. L2. A connection ends in two steps: at {@link #onEnding} its operations fail
 * and nothing is sent or received any more; at {@link #onEnded} UCX has let go of all memory. Each
 * runs once. What is asked of the link later finds {@link #endReason} set.
 */
abstract class Link implements Channel.User {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final long LEAST_TICK_MILLIS = 3;
  private static final long LINGER_MILLIS = 1000;

  /**
   * What a link needs of its fabric.
   *
   * @param verbs null if the network card does not serve one-sided operations here
   */
  record Home(Progress progress, FabricOptions options, FabricCounters counters, VerbsKeys verbs) {

    /** What is told the peer about this side. */
    int abilities() {
      return Hello.BUNDLES | (verbs == null ? 0 : Hello.VERBS);
    }
  }

  protected final FabricOptions options;
  protected final FabricCounters counters;
  private final Progress progress;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private Channel channel;
  private volatile DwarfException endReason;
  private final Bundle bundle = new Bundle();
  private boolean greeted;
  private boolean bundles;
  private boolean sentSinceTick;
  private long tickNanos;
  private long lastHeardNanos;

  protected Link(Home home) {
    progress = home.progress();
    options = home.options();
    counters = home.counters();
  }

  /** The handshake is complete; from now on heartbeats are due. */
  protected abstract void onGreeted(Hello peer);

  /** The connection works no more; operations in flight end with the reason. */
  protected abstract void onEnding(DwarfException reason);

  /** The connection is gone; called once, also when the handshake never came about. */
  protected abstract void onEnded(DwarfException reason);

  /** A valid message after the handshake; the payload is valid during the call. */
  protected abstract void onMessage(MessageHead head, MemorySegment payload);

  /** HELLO or WELCOME, whichever the peer has to begin with. */
  protected abstract MessageType expectedGreeting();

  /** Begins with the channel; on the progress thread. */
  protected final void begin(Channel opened) {
    channel = opened;
    lastHeardNanos = System.nanoTime();
    later(options.connectTimeout().toNanos(), this::checkGreeted);
  }

  protected final Progress progress() {
    return progress;
  }

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

  /** Runs the action on the progress thread; any thread. */
  final void execute(Runnable action) {
    progress.execute(guarding(action));
  }

  /** The action, whose failure is the end of this connection and of nothing else. */
  protected final Runnable guarding(Runnable action) {
    return () -> guarded(action);
  }

  protected final void later(long nanos, Runnable action) {
    progress.later(nanos, guarding(action));
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.error("{}: unexpected error, closing the connection", this, e);
      end(new DwarfException(Kind.UNAVAILABLE, "connection failed: " + e.getMessage(), e));
    }
  }

  /** Sends the message, or releases it if the connection has ended. */
  protected final void send(Outgoing message) {
    if (endReason != null) {
      message.release();
      return;
    }
    sentSinceTick = true;
    channel.send(message);
  }

  /** Sends the message at the end of this turn, with others if they are small. */
  protected final void sendAtEnd(Outgoing message) {
    if (!bundles || !Bundle.takes(message)) {
      send(message);
      return;
    }
    if (bundle.isEmpty()) {
      progress.defer(() -> send(bundle.take()));
    } else if (!bundle.hasRoomFor(message)) {
      send(bundle.take());
    }
    bundle.add(message);
  }

  /** Ends the connection for the given reason; the first one counts. On the progress thread. */
  protected final void end(DwarfException reason) {
    boolean first = endReason == null;
    if (first) {
      endReason = reason;
      onEnding(reason);
    }
    if (channel == null) {
      finish();
    } else {
      progress.defer(channel::close);
    }
  }

  private void checkGreeted() {
    if (!greeted && endReason == null) {
      counters.increment(FabricCounter.CONNECTIONS_REFUSED);
      end(DwarfException.unavailable("no greeting from the peer within the connect time-out"));
    }
  }

  @Override
  public final void received(MemorySegment head, MemorySegment data) {
    lastHeardNanos = System.nanoTime();
    if (endReason != null) {
      return;
    }
    try {
      dispatch(checked(head, data), data);
    } catch (DwarfException e) {
      counters.increment(FabricCounter.MALFORMED_FRAMES);
      LOG.warn("{}: {}, closing the connection", this, e.getMessage());
      sendAway(e);
    }
  }

  private MessageHead checked(MemorySegment headBytes, MemorySegment data) {
    MessageHead head = MessageHead.decode(headBytes, options.maxFrameBytes());
    if (data == null) {
      throw MessageHead.malformed(head.type() + " whose length and payload differ");
    }
    head.checkPayload(data);
    return head;
  }

  private void dispatch(MessageHead head, MemorySegment payload) {
    if (head.type() == MessageType.ERROR && head.id() == 0) {
      sentAway(head.code(), text(payload));
    } else if (head.type() == expectedGreeting() && !greeted) {
      greet(Hello.decode(payload));
    } else if (!greeted) {
      throw MessageHead.malformed(head.type() + " before " + expectedGreeting());
    } else if (head.type() != MessageType.PING) {
      onMessage(head, payload);
    }
  }

  protected static String text(MemorySegment payload) {
    return new String(payload.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private void greet(Hello peer) {
    greeted = true;
    bundles = peer.has(Hello.BUNDLES);
    counters.increment(FabricCounter.CONNECTIONS_OPENED);
    long idle = Math.min(options.idleTimeout().toMillis(), peer.idleMillis());
    tickNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(LEAST_TICK_MILLIS, idle / 3));
    later(tickNanos, this::tick);
    if (LOG.isDebugEnabled()) {
      LOG.debug("{} is reached over {}", this, channel.lanes());
    }
    onGreeted(peer);
  }

  private void sentAway(int code, String text) {
    String message = CONTROL.matcher(text).replaceAll("?");
    LOG.warn("{} ended the connection: {} {}", this, Kind.fromCode(code), message);
    end(DwarfException.unavailable("the peer ended the connection: " + message));
  }

  private void tick() {
    if (endReason != null) {
      return;
    }
    if (System.nanoTime() - lastHeardNanos > options.idleTimeout().toNanos()) {
      counters.increment(FabricCounter.IDLE_CLOSED);
      LOG.warn("{}: nothing heard for {}, closing the connection", this, options.idleTimeout());
      end(DwarfException.unavailable("nothing heard from the peer for " + options.idleTimeout()));
      return;
    }
    if (!sentSinceTick && channel.unsent() == 0) {
      send(Outgoing.empty(MessageType.PING, 0));
    }
    sentSinceTick = false;
    later(tickNanos, this::tick);
  }

  /**
   * Tells the peer why and ends the connection a moment later, or when the peer leaves: UCX drops
   * what it has not delivered when the endpoint closes, and the reason would be lost.
   */
  protected final void sendAway(DwarfException reason) {
    if (endReason != null) {
      return;
    }
    send(Outgoing.error(0, reason));
    endReason = DwarfException.unavailable("connection closed: " + reason.getMessage());
    onEnding(endReason);
    later(TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS), () -> end(endReason));
  }

  @Override
  public final void failed(String reason) {
    LOG.debug("{}: {}", this, reason);
    end(DwarfException.unavailable("the peer has disconnected (" + reason + ")"));
  }

  @Override
  public final void closed() {
    finish();
  }

  private void finish() {
    if (ended.isDone()) {
      return;
    }
    if (endReason == null) {
      endReason = DwarfException.unavailable("the fabric has been closed");
      onEnding(endReason);
    }
    if (greeted) {
      counters.increment(FabricCounter.CONNECTIONS_CLOSED);
    }
    onEnded(endReason);
    ended.complete(null);
  }
}
