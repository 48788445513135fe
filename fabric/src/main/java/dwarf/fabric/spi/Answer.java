package dwarf.fabric.spi;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricCounters;
import dwarf.fabric.Peer;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules every transport keeps between a request and its {@link Reply}. */
public abstract class Answer implements Reply {

  private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

  private final int maxBytes;
  private final AtomicBoolean given = new AtomicBoolean();

  /**
   * The answer to one request.
   *
   * @param maxBytes the largest payload the transport carries
   */
  protected Answer(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Sends a payload that fits; called at most once, and then {@link #send} of an error is not. */
  protected abstract void send(MemorySegment payload);

  /** Sends an error; called at most once. */
  protected abstract void send(DwarfException error);

  @Override
  public final void ok(MemorySegment payload) {
    if (payload.byteSize() > maxBytes) {
      throw DwarfException.invalid(
          "reply of " + payload.byteSize() + " bytes: the largest frame is " + maxBytes);
    }
    take();
    send(payload);
  }

  @Override
  public final void fail(DwarfException error) {
    take();
    send(error);
  }

  /** Lets the handler see the request; what it throws becomes the answer. */
  public final void serve(
      ServerHandler handler,
      Peer peer,
      int opcode,
      MemorySegment payload,
      FabricCounters counters) {
    counters.increment(FabricCounter.REQUESTS_SERVED);
    try {
      handler.onRequest(peer, opcode, payload, this);
    } catch (RuntimeException | Error e) {
      if (!(e instanceof DwarfException)) {
        LOG.error("handler failed on opcode {} from {}", opcode, peer.description(), e);
      }
      if (given.compareAndSet(false, true)) {
        send(asError(e));
      } else {
        LOG.warn("handler threw after it answered opcode {}", opcode, e);
      }
    }
  }

  private static DwarfException asError(Throwable e) {
    return e instanceof DwarfException error
        ? error
        : new DwarfException(Kind.INTERNAL, "request handler failed: " + e, e);
  }

  private void take() {
    if (!given.compareAndSet(false, true)) {
      throw new DwarfException(Kind.INTERNAL, "a request was answered twice; please report");
    }
  }
}
