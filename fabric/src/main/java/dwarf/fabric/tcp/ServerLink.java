package dwarf.fabric.tcp;

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
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The accepting end: hands requests to the handler and serves one-sided operations by itself. It
 * stops reading while the peer does not take what was sent, and turns replies beyond {@link
 * FabricOptions#maxInFlightBytes()} into BUSY, so a peer that never reads costs a bounded amount.
 */
final class ServerLink extends Link {

  /** What a link needs of its listener. */
  record Service(
      FabricOptions options, FabricCounters counters, RegionTable regions, ServerHandler handler) {}

  private final Service service;
  private final Peer peer;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicLong unsentBytes = new AtomicLong();
  private volatile int maxReplyBytes;

  ServerLink(Service service, Peer peer) {
    super(service.options(), service.counters());
    this.service = service;
    this.peer = peer;
  }

  /** Tells the peer why it is not served; on the loop, before anything was read. */
  void turnAway(DwarfException reason) {
    channel().eventLoop().execute(() -> sendAway(reason));
  }

  @Override
  protected FrameType expectedGreeting() {
    return FrameType.HELLO;
  }

  @Override
  protected void onGreeted(Hello client) {
    maxReplyBytes = Math.min(options.maxFrameBytes(), client.maxFrameBytes());
    write(Hello.of(options).frame(channel().alloc(), FrameType.WELCOME));
    Handlers.opened(service.handler(), peer);
  }

  @Override
  protected void onEnded(DwarfException reason) {
    if (greeted()) {
      Handlers.closed(service.handler(), peer);
    }
  }

  @Override
  public boolean mayProceed() {
    return super.mayProceed() && channel().isWritable();
  }

  @Override
  protected FrameSink onFrame(FrameHeader header) {
    return switch (header.type()) {
      case REQUEST -> new CollectSink(header.length(), bytes -> serve(header, bytes));
      case READ -> new CollectSink(header.length(), bytes -> serveRead(header.id(), bytes));
      case WRITE -> new WriteSink(header);
      default -> throw FrameHeader.malformed(header.type() + " sent to the accepting side");
    };
  }

  private void serve(FrameHeader header, byte[] payload) {
    NetworkAnswer answer = new NetworkAnswer(header.id());
    if (unanswered.incrementAndGet() > options.maxInFlightRequests()) {
      counters.increment(FabricCounter.BUSY_REFUSALS);
      answer.fail(new DwarfException(Kind.BUSY, "the server's bound on open requests is reached"));
    } else {
      MemorySegment message = MemorySegment.ofArray(payload);
      answer.serve(service.handler(), peer, header.code(), message, counters);
    }
  }

  private void serveRead(long id, byte[] payload) {
    AccessDescriptor access =
        AccessDescriptor.decode(Unpooled.wrappedBuffer(payload), maxReplyBytes);
    try {
      Grant grant = service.regions().find(access.keyLow(), access.keyHigh());
      grant.check(access.offset(), access.length(), Access.READ);
      write(
          Frames.build(
              channel().alloc(),
              new Frames.Message(FrameType.REPLY, 0, id),
              access.length(),
              out -> copyOut(grant, access, out)));
      counters.add(FabricCounter.ONE_SIDED_BYTES_READ, access.length());
    } catch (DwarfException refused) {
      refuse(id, refused);
    }
  }

  private static void copyOut(Grant grant, AccessDescriptor access, ByteBuf out) {
    int at = out.writerIndex();
    grant.copyOut(
        access.offset(), MemorySegment.ofBuffer(out.internalNioBuffer(at, access.length())));
    out.writerIndex(at + access.length());
  }

  private void refuse(long id, DwarfException refused) {
    counters.increment(FabricCounter.ONE_SIDED_REFUSED);
    write(Frames.error(channel().alloc(), id, refused));
  }

  /** Lands a WRITE piece by piece; see {@link AccessDescriptor} for why its address comes first. */
  private final class WriteSink implements FrameSink {

    private final FrameHeader header;
    private final ByteBuf address = Unpooled.buffer(AccessDescriptor.BYTES, AccessDescriptor.BYTES);
    private Grant grant;
    private long at;
    private DwarfException refused;

    WriteSink(FrameHeader header) {
      this.header = header;
    }

    @Override
    public void take(ByteBuf in, int length) {
      int left = length;
      if (address.isWritable()) {
        int part = Math.min(address.writableBytes(), left);
        in.readBytes(address, part);
        left -= part;
        if (!address.isWritable()) {
          open();
        }
      }
      if (left > 0) {
        land(in, left);
      }
    }

    private void open() {
      AccessDescriptor access = AccessDescriptor.decode(address, options.maxFrameBytes());
      if (access.length() != header.length() - AccessDescriptor.BYTES) {
        throw FrameHeader.malformed("WRITE whose address and frame differ in length");
      }
      at = access.offset();
      try {
        grant = service.regions().find(access.keyLow(), access.keyHigh());
        grant.check(access.offset(), access.length(), Access.READ_WRITE);
      } catch (DwarfException e) {
        refused = e;
      }
    }

    private void land(ByteBuf in, int length) {
      if (refused == null) {
        try {
          grant.copyIn(at, MemorySegment.ofBuffer(in.internalNioBuffer(in.readerIndex(), length)));
          counters.add(FabricCounter.ONE_SIDED_BYTES_WRITTEN, length);
        } catch (DwarfException e) {
          refused = e;
        }
      }
      at += length;
      in.skipBytes(length);
    }

    @Override
    public void done() {
      if (refused == null) {
        write(Frames.empty(channel().alloc(), FrameType.REPLY, header.id()));
      } else {
        refuse(header.id(), refused);
      }
    }
  }

  private final class NetworkAnswer extends Answer {

    private final long id;

    NetworkAnswer(long id) {
      super(maxReplyBytes);
      this.id = id;
    }

    @Override
    protected void send(MemorySegment payload) {
      long size = FrameHeader.BYTES + payload.byteSize();
      long unsent = unsentBytes.addAndGet(size);
      if (unsent > options.maxInFlightBytes() && unsent > size) {
        unsentBytes.addAndGet(-size);
        counters.increment(FabricCounter.BUSY_REFUSALS);
        send(new DwarfException(Kind.BUSY, "replies pile up unread, this one was dropped"));
        return;
      }
      ByteBuf frame =
          Frames.of(channel().alloc(), new Frames.Message(FrameType.REPLY, 0, id), payload);
      post(frame, size);
    }

    @Override
    protected void send(DwarfException error) {
      post(Frames.error(channel().alloc(), id, error), 0);
    }

    private void post(ByteBuf frame, long size) {
      execute(
          () -> {
            unanswered.decrementAndGet();
            if (endReason() != null) {
              frame.release();
              return;
            }
            channel().write(frame).addListener(sent -> unsentBytes.addAndGet(-size));
            written();
          });
    }
  }
}
