package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Peer;
import dwarf.fabric.ServerHandler;
import dwarf.fabric.spi.Answer;
import dwarf.fabric.spi.Grant;
import dwarf.fabric.spi.Handlers;
import dwarf.fabric.spi.RegionTable;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The accepting end: hands requests to the handler and serves one-sided operations that come
 * through the ring. It always takes what comes; what it has to send waits in the outbox, bounded by
 * the operations it accepts and, for replies, by {@link FabricOptions#maxInFlightBytes()}.
 */
final class ServerLink extends Link {

  private static final AtomicLong PEER_IDS = new AtomicLong();
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private final Service service;
  private final Peer peer;
  private final int maxReplyBytes;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private Assembly partial; // guarded by Link's consuming

  /** What a link needs of its fabric and listener. */
  record Service(
      FabricOptions options,
      FabricCounters counters,
      RegionTable regions,
      GrantSlots slots,
      ServerHandler handler) {}

  ServerLink(Service service, Parts parts) {
    super("shm peer, process " + parts.peer().file().pid(), parts, true);
    this.service = service;
    peer = new Peer(PEER_IDS.incrementAndGet(), toString());
    maxReplyBytes = Math.min(options.maxFrameBytes(), parts.peer().maxFrameBytes());
  }

  /** Begins to serve; on the loop. */
  void begin() {
    Handlers.opened(service.handler(), peer);
    open();
  }

  @Override
  protected void onEnded(DwarfException reason) {
    Handlers.closed(service.handler(), peer);
  }

  @Override
  protected boolean isPolledByCallers() {
    return false;
  }

  @Override
  protected long sweep(long now) {
    return now + Long.MAX_VALUE / 2;
  }

  @Override
  protected void onRecord(RecordHeader header, RingConsumer records) {
    switch (header.type()) {
      case REQUEST -> request(header, records.payload(header));
      case READ -> read(header, descriptor(header, records.payload(header)));
      case WRITE -> write(header, records);
      case REPLY, ERROR, DATA, GRANT ->
          throw RecordHeader.malformed(header.type() + " sent to the accepting side");
    }
  }

  private void request(RecordHeader header, byte[] part) {
    if (partial == null) {
      partial = new Assembly(header, options.maxFrameBytes());
    }
    byte[] whole = partial.add(header, part);
    if (whole != null) {
      partial = null;
      serve(header, whole);
    }
  }

  private void serve(RecordHeader header, byte[] payload) {
    RingAnswer answer = new RingAnswer(header.id());
    if (unanswered.incrementAndGet() > options.maxInFlightRequests()) {
      counters.increment(FabricCounter.BUSY_REFUSALS);
      answer.fail(new DwarfException(Kind.BUSY, "the server's bound on open requests is reached"));
    } else {
      MemorySegment message = MemorySegment.ofArray(payload);
      answer.serve(service.handler(), peer, header.code(), message, counters);
    }
  }

  private static AccessDescriptor descriptor(RecordHeader header, byte[] bytes) {
    if (bytes.length != AccessDescriptor.BYTES) {
      throw RecordHeader.malformed(
          header.type() + " with an address of " + bytes.length + " bytes");
    }
    return AccessDescriptor.decode(bytes);
  }

  private void read(RecordHeader header, AccessDescriptor access) {
    long id = header.id();
    if (reads.incrementAndGet() > options.maxInFlightRequests()) {
      reads.decrementAndGet();
      counters.increment(FabricCounter.BUSY_REFUSALS);
      send(
          OutMessage.error(
              id, new DwarfException(Kind.BUSY, "the server's bound on open reads is reached")),
          Long.MAX_VALUE);
      return;
    }
    try {
      Grant grant = service.regions().find(access.keyLow(), access.keyHigh());
      grant.check(access.offset(), access.length(), Access.READ);
      if (header.asksWhere() && grant.publication() instanceof GrantSlots.Published published) {
        MemorySegment where = MemorySegment.ofArray(published.where().encode());
        send(new OutMessage(RecordType.GRANT, RecordHeader.MORE, 0, id, where), Long.MAX_VALUE);
      }
      send(new ReadJob(id, grant, access, chunkBytes(), this::readDone));
    } catch (DwarfException refused) {
      reads.decrementAndGet();
      refuse(id, refused);
    }
  }

  private void readDone(long bytes, boolean refused) {
    reads.decrementAndGet();
    counters.add(FabricCounter.ONE_SIDED_BYTES_READ, bytes);
    if (refused) {
      counters.increment(FabricCounter.ONE_SIDED_REFUSED);
    }
  }

  private void write(RecordHeader header, RingConsumer records) {
    if (header.length() < AccessDescriptor.BYTES) {
      throw RecordHeader.malformed("WRITE of " + header.length() + " bytes has no address");
    }
    byte[] address = records.start(AccessDescriptor.BYTES);
    records.verify(address);
    AccessDescriptor access = AccessDescriptor.decode(address);
    MemorySegment bytes = records.inPlace(header, AccessDescriptor.BYTES);
    if (access.length() != bytes.byteSize()) {
      throw RecordHeader.malformed("WRITE whose address and record differ in length");
    }
    try {
      Grant grant = service.regions().find(access.keyLow(), access.keyHigh());
      grant.check(access.offset(), access.length(), Access.READ_WRITE);
      grant.copyIn(access.offset(), bytes);
      counters.add(FabricCounter.ONE_SIDED_BYTES_WRITTEN, access.length());
      if (!header.hasMore()) {
        send(new OutMessage(RecordType.REPLY, 0, 0, header.id(), NOTHING), Long.MAX_VALUE);
      }
    } catch (DwarfException refused) {
      refuse(header.id(), refused);
    }
  }

  private void refuse(long id, DwarfException refused) {
    counters.increment(FabricCounter.ONE_SIDED_REFUSED);
    send(OutMessage.error(id, refused), Long.MAX_VALUE);
  }

  private final class RingAnswer extends Answer {

    private final long id;

    RingAnswer(long id) {
      super(maxReplyBytes);
      this.id = id;
    }

    @Override
    protected void send(MemorySegment payload) {
      OutMessage reply = new OutMessage(RecordType.REPLY, 0, 0, id, payload);
      unanswered.decrementAndGet();
      if (!ServerLink.this.send(reply, options.maxInFlightBytes())) {
        counters.increment(FabricCounter.BUSY_REFUSALS);
        post(new DwarfException(Kind.BUSY, "replies pile up unread, this one was dropped"));
      }
    }

    @Override
    protected void send(DwarfException error) {
      unanswered.decrementAndGet();
      post(error);
    }

    private void post(DwarfException error) {
      ServerLink.this.send(OutMessage.error(id, error), Long.MAX_VALUE);
    }
  }
}
