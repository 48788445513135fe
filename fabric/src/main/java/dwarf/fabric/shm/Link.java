package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.spi.FabricThread;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection after its handshake: reads records, wakes the peer, keeps the connection
 * alive, ends it.
 *
 * <p>L1. The incoming ring is touched under {@code consuming} only, the outgoing one under the
 * outbox's lock only. The rings are unmapped by whoever holds both, so nobody touches them late.
 * L2. Whoever gives {@code consuming} up either remains the one who polls, or has said how to wake
 * a consumer and then found the ring empty (R1). L3. {@link #onEnded} runs once, on the loop, after
 * the last record. L4. Timers and what comes over the socket belong to the loop.
 */
abstract class Link implements ShmLoop.Member {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final int RECORDS_AT_ONCE = 64;
  private static final int LOOKS_BEFORE_LEAVING = 16;

  protected final FabricOptions options;
  protected final FabricCounters counters;
  protected final Outbox outbox;
  protected final ShmLoop loop;

  private final String name;
  private final SocketChannel socket;
  private final SocketReader reader;
  private final RingPair rings;
  private final RingConsumer in;
  private final RingProducer out;
  private final PeerWaker waker;
  private final Pulse pulse;
  private final ReentrantLock consuming = new ReentrantLock();
  private final AtomicReference<DwarfException> endReason = new AtomicReference<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private int waking = Ring.ASLEEP; // guarded by consuming: what we last told the peer
  private boolean unmapped; // guarded by consuming and by the outbox's lock

  /** What a link is made of. */
  record Parts(
      FabricOptions options,
      FabricCounters counters,
      ShmLoop loop,
      SocketChannel socket,
      RingPair rings,
      Greeting peer) {}

  protected Link(String name, Parts parts, boolean isServer) {
    this.name = name;
    options = parts.options();
    counters = parts.counters();
    loop = parts.loop();
    socket = parts.socket();
    rings = parts.rings();
    in = new RingConsumer(isServer ? rings.toServer() : rings.toClient());
    out = new RingProducer(isServer ? rings.toClient() : rings.toServer());
    waker = new PeerWaker(out.ring(), socket, loop, options.spin().isPositive());
    outbox = new Outbox(out, () -> waker.published(out.position()));
    reader = new SocketReader(socket);
    pulse = new Pulse(options, parts.peer().idleMillis());
  }

  /** Takes one record; throws CORRUPTION if it makes no sense here. Under {@code consuming}. */
  protected abstract void onRecord(RecordHeader header, RingConsumer records);

  /** The connection is gone; called once. */
  protected abstract void onEnded(DwarfException reason);

  /** Whether some caller polls in place of the loop. */
  protected abstract boolean isPolledByCallers();

  /** Ends what has passed its deadline; returns when that is next due. */
  protected abstract long sweep(long now);

  /** Why the connection ended, or null as long as it lives. */
  final DwarfException endReason() {
    return endReason.get();
  }

  /** Completes after {@link #onEnded}. */
  final CompletableFuture<Void> ended() {
    return ended;
  }

  /** The most bytes of a one-sided transfer in one record. */
  final int chunkBytes() {
    return Math.min(options.chunkBytes(), out.mostPayload() - AccessDescriptor.BYTES);
  }

  /** Joins the loop; on its thread. */
  final void open() {
    counters.increment(FabricCounter.CONNECTIONS_OPENED);
    try {
      loop.add(this, socket, SelectionKey.OP_READ);
    } catch (IOException | ClosedSelectorException e) {
      end(new DwarfException(Kind.UNAVAILABLE, "connection failed: " + e.getMessage(), e));
    }
  }

  @Override
  public final int poll() {
    int work = pump();
    waker.wakeIfOverdue();
    return isPolledByCallers() ? work : work + tryConsume();
  }

  /** Sends what waits, as far as there is room; returns how many records that were. */
  protected final int pump() {
    try {
      return outbox.pump();
    } catch (DwarfException e) {
      malformed(e);
      return 0;
    }
  }

  /** Sends a message; false if more than {@code mostWaiting} bytes would then wait to be sent. */
  protected final boolean send(OutMessage message, long mostWaiting) {
    try {
      boolean taken = outbox.message(message, mostWaiting);
      pumpSoon();
      return taken;
    } catch (DwarfException e) {
      malformed(e);
      return true;
    }
  }

  protected final void send(Sendable transfer) {
    try {
      outbox.transfer(transfer);
      pumpSoon();
    } catch (DwarfException e) {
      malformed(e);
    }
  }

  private void pumpSoon() {
    if (outbox.needsPump()) {
      VarHandle.fullFence();
      loop.wake();
    }
  }

  /** Takes what has come, unless somebody else is at it; returns how many records that were. */
  protected final int tryConsume() {
    if (!consuming.tryLock()) {
      return 0;
    }
    try {
      return consume();
    } finally {
      consuming.unlock();
    }
  }

  private int consume() {
    if (unmapped) {
      return 0;
    }
    if (waking != Ring.POLLED) {
      waking = Ring.POLLED;
      in.ring().waking(Ring.POLLED);
    }
    int taken = 0;
    FabricThread.beginDriving();
    try {
      while (taken < RECORDS_AT_ONCE && endReason() == null && in.hasNext()) {
        RecordHeader header = in.next();
        onRecord(header, in);
        in.release(header);
        taken++;
      }
    } catch (DwarfException e) {
      malformed(e);
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      FabricThread.endDriving();
    }
    if (taken > 0) {
      pulse.consumed(in.position());
      VarHandle.fullFence();
      if (in.ring().isBlocked()) {
        waker.wake(); // O1: it found the ring full
      }
    }
    return taken;
  }

  /**
   * Stops polling in favour of the peer's waking us, for records (R1, L2) and for room (O1); false
   * if there was so much to do that the loop must see to it.
   */
  protected final boolean leave(int how) {
    boolean empty = leaveIncoming(how);
    try {
      return outbox.pumpSurely() == 0 && empty;
    } catch (DwarfException e) {
      malformed(e);
      return true;
    }
  }

  private boolean leaveIncoming(int how) {
    if (!consuming.tryLock()) {
      return true;
    }
    try {
      for (int look = 0; look < LOOKS_BEFORE_LEAVING; look++) {
        if (unmapped || endReason() != null) {
          return true;
        }
        waking = how;
        in.ring().waking(how);
        VarHandle.fullFence();
        if (!in.hasNext()) {
          return true;
        }
        consume();
      }
      return false;
    } catch (DwarfException e) {
      malformed(e);
      return true;
    } finally {
      consuming.unlock();
    }
  }

  @Override
  public final boolean prepareSleep() {
    waker.wakeBeforeSleep();
    return isPolledByCallers() || leave(Ring.ASLEEP);
  }

  @Override
  public final void onReadable() {
    try {
      SocketReader.Heard heard = reader.read();
      if (heard.signals() > 0) {
        pulse.heard();
      }
      if (heard.farewell() != null) {
        LOG.warn("{} ended the connection: {}", this, heard.farewell());
        end(SocketProtocol.sentAway(heard.farewell()));
      } else if (heard.ended()) {
        takeLastWords();
        end(DwarfException.unavailable("the peer has disconnected"));
      }
    } catch (DwarfException e) {
      malformed(e);
    } catch (IOException e) {
      end(new DwarfException(Kind.UNAVAILABLE, "connection failed: " + e.getMessage(), e));
    }
  }

  /** What the peer had put into the ring before it went; no more than the ring holds. */
  private void takeLastWords() {
    long most = in.ring().capacity() / RecordHeader.BYTES;
    for (long taken = 0; taken < most; ) {
      int now = tryConsume();
      if (now == 0) {
        return;
      }
      taken += now;
    }
  }

  @Override
  public final long onTimer(long now) {
    if (pulse.ticks(now)) {
      tick(now);
    }
    long due = sweep(now);
    return due - pulse.nextTick() < 0 ? due : pulse.nextTick();
  }

  private void tick(long now) {
    if (pulse.hasStopped(now)) {
      counters.increment(FabricCounter.IDLE_CLOSED);
      LOG.warn("{}: nothing heard for {}, closing the connection", this, options.idleTimeout());
      end(DwarfException.unavailable("nothing heard from the peer for " + options.idleTimeout()));
    } else if (endReason() == null) {
      waker.ping();
    }
  }

  /** Gives up on a peer whose bytes make no sense, and tells it why. */
  private void malformed(DwarfException reason) {
    if (endReason() != null) {
      return;
    }
    counters.increment(FabricCounter.MALFORMED_FRAMES);
    LOG.warn("{}: {}, closing the connection", this, reason.getMessage());
    SocketProtocol.send(socket, SocketProtocol.farewell(reason.getMessage()));
    end(DwarfException.unavailable("connection closed: " + reason.getMessage()));
  }

  @Override
  public final void failed(Throwable cause) {
    LOG.error("{}: unexpected error, closing the connection", this, cause);
    end(new DwarfException(Kind.UNAVAILABLE, "connection failed: " + cause.getMessage(), cause));
  }

  /** Ends the connection for the given reason; the first one counts. */
  final void end(DwarfException reason) {
    if (endReason.compareAndSet(null, reason)) {
      loop.execute(this::finish);
    }
  }

  private void finish() {
    loop.remove(this);
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{}: {}", this, e.getMessage());
    }
    consuming.lock();
    try {
      outbox.close(
          () -> {
            unmapped = true;
            rings.close();
          });
    } finally {
      consuming.unlock();
    }
    counters.increment(FabricCounter.CONNECTIONS_CLOSED);
    onEnded(endReason());
    ended.complete(null);
  }

  @Override
  public final String toString() {
    return name;
  }
}
