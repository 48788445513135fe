package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Peer;
import dwarf.fabric.ServerHandler;
import dwarf.fabric.spi.Answer;
import dwarf.fabric.spi.Grant;
import dwarf.fabric.spi.Handlers;
import dwarf.fabric.spi.RegionTable;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpConnectionRequest;

/**
 * The accepting end: hands requests to the handler and serves one-sided operations by itself.
 *
 * <p>UCX cannot stop listening to one peer. So a peer that does not take what it has asked for gets
 * BUSY beyond {@link FabricOptions#maxInFlightBytes()}, and is sent away when even those answers
 * pile up: it costs a bounded amount.
 */
final class ServerLink extends Link {

  /** What a link needs of its listener. */
  record Service(Home home, RegionTable regions, ServerHandler handler) {}

  private static final int MOST_UNSENT_PER_REQUEST = 4;
  private static final int MOST_UNSENT_BEYOND = 256;
  private static final Set<MessageType> REQUESTS = EnumSet.of(MessageType.REQUEST);

  private final Service service;
  private final Peer peer;
  private final RequestOrder requests;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicLong replyBytes = new AtomicLong();
  private DwarfException refusal;
  private boolean lane;
  private volatile int maxReplyBytes;

  ServerLink(Service service, Peer peer) {
    super(service.home());
    this.service = service;
    this.peer = peer;
    requests = new RequestOrder(options.maxInFlightBytes(), this::serve);
  }

  /** Begins with a peer that asks to be connected; on the progress thread. */
  void accept(UcpConnectionRequest request) {
    try {
      begin(progress().workers().accept(request, this));
    } catch (UcxException e) {
      end(new DwarfException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()), e));
    }
  }

  /** The peer is told the reason instead of a welcome. */
  void turnAway(DwarfException reason) {
    refusal = reason;
  }

  @Override
  protected MessageType expectedGreeting() {
    return MessageType.HELLO;
  }

  @Override
  protected void onGreeted(Hello client) {
    maxReplyBytes = Math.min(options.maxFrameBytes(), client.maxFrameBytes());
    if (refusal != null) {
      sendAway(refusal);
      return;
    }
    lane = client.has(Hello.LANE);
    send(Hello.of(options, service.home().abilities()).message(MessageType.WELCOME));
    if (!lane) {
      Handlers.opened(service.handler(), peer);
    }
  }

  @Override
  protected void onEnding(DwarfException reason) {
    if (service.home().verbs() != null) {
      service.home().verbs().forget(this);
    }
  }

  @Override
  protected void onEnded(DwarfException reason) {
    if (greeted() && refusal == null && !lane) {
      Handlers.closed(service.handler(), peer);
    }
  }

  @Override
  protected void onMessage(MessageHead head, MemorySegment payload) {
    int most = MOST_UNSENT_PER_REQUEST * options.maxInFlightRequests() + MOST_UNSENT_BEYOND;
    if (channel().unsent() > most) {
      sendAway(DwarfException.unavailable("the peer does not take its answers"));
      return;
    }
    if (lane) {
      throw MessageHead.malformed(head.type() + " on a connection for the network card only");
    }
    switch (head.type()) {
      case RESOLVE -> resolve(head);
      case REQUEST -> requests.take(head, payload);
      case BUNDLE -> Bundle.read(payload, REQUESTS, requests::take);
      case READ -> serveRead(head);
      case WRITE -> serveWrite(head, payload);
      default -> throw MessageHead.malformed(head.type() + " sent to the accepting side");
    }
  }

  private void serve(MessageHead head, byte[] payload) {
    NetworkAnswer answer = new NetworkAnswer(head.id());
    if (unanswered.incrementAndGet() > options.maxInFlightRequests()) {
      counters.increment(FabricCounter.BUSY_REFUSALS);
      answer.fail(new DwarfException(Kind.BUSY, "the server's bound on open requests is reached"));
    } else {
      MemorySegment message = MemorySegment.ofArray(payload);
      answer.serve(service.handler(), peer, head.code(), message, counters);
    }
  }

  private void serveRead(MessageHead head) {
    RemotePlace place = head.place();
    try {
      if (place.length() > maxReplyBytes) {
        throw DwarfException.invalid("one-sided read of more than the reader accepts");
      }
      if (channel().unsentBytes() > options.maxInFlightBytes()) {
        throw new DwarfException(Kind.BUSY, "what was read piles up unread");
      }
      Grant grant = service.regions().find(place.keyLow(), place.keyHigh());
      grant.check(place.offset(), place.length(), Access.READ);
      Outgoing reply =
          Outgoing.build(
              MessageType.REPLY,
              0,
              head.id(),
              place.length(),
              out -> grant.copyOut(place.offset(), out));
      counters.add(FabricCounter.ONE_SIDED_BYTES_READ, place.length());
      send(reply);
    } catch (DwarfException refused) {
      refuse(head.id(), refused);
    }
  }

  private void serveWrite(MessageHead head, MemorySegment payload) {
    RemotePlace place = head.place();
    if (place.length() != payload.byteSize()) {
      throw MessageHead.malformed("WRITE whose place and payload differ in length");
    }
    try {
      Grant grant = service.regions().find(place.keyLow(), place.keyHigh());
      grant.check(place.offset(), place.length(), Access.READ_WRITE);
      grant.copyIn(place.offset(), payload);
      counters.add(FabricCounter.ONE_SIDED_BYTES_WRITTEN, place.length());
      send(Outgoing.empty(MessageType.REPLY, head.id()));
    } catch (DwarfException refused) {
      refuse(head.id(), refused);
    }
  }

  private void resolve(MessageHead head) {
    try {
      service.regions().find(head.place().keyLow(), head.place().keyHigh());
      if (service.home().verbs() == null) {
        throw DwarfException.notSupported("the network card serves no operations here");
      }
      VerbsHandle handle = service.home().verbs().resolve(head.place(), this);
      send(Outgoing.of(MessageType.REPLY, 0, head.id(), handle.encode()));
    } catch (DwarfException refused) {
      refuse(head.id(), refused);
    }
  }

  /** Tells the peer that the key is gone; any thread. */
  void tellRevoked(RemotePlace place) {
    execute(() -> send(Outgoing.about(MessageType.REVOKED, 0, place)));
  }

  private void refuse(long id, DwarfException refused) {
    counters.increment(FabricCounter.ONE_SIDED_REFUSED);
    send(Outgoing.error(id, refused));
  }

  @Override
  public String toString() {
    return peer.description();
  }

  private final class NetworkAnswer extends Answer {

    private final long id;

    NetworkAnswer(long id) {
      super(maxReplyBytes);
      this.id = id;
    }

    @Override
    protected void send(MemorySegment payload) {
      long size = MessageHead.BYTES + payload.byteSize();
      long unsent = replyBytes.addAndGet(size);
      if (unsent > options.maxInFlightBytes() && unsent > size) {
        replyBytes.addAndGet(-size);
        counters.increment(FabricCounter.BUSY_REFUSALS);
        send(new DwarfException(Kind.BUSY, "replies pile up unread, this one was dropped"));
        return;
      }
      post(
          Outgoing.of(MessageType.REPLY, 0, id, payload)
              .whenGone(() -> replyBytes.addAndGet(-size)));
    }

    @Override
    protected void send(DwarfException error) {
      post(Outgoing.error(id, error));
    }

    private void post(Outgoing message) {
      execute(
          () -> {
            unanswered.decrementAndGet();
            sendAtEnd(message);
          });
    }
  }
}
