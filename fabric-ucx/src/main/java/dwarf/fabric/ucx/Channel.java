package dwarf.fabric.ucx;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openucx.jucx.UcxCallback;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpEndpoint;
import org.openucx.jucx.ucp.UcpRemoteKey;
import org.openucx.jucx.ucp.UcpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UCX endpoint. Confined to the progress thread.
 *
 * <p>Messages are sent eagerly, whatever their size: the other way UCX has (rendezvous) would let
 * the peer decide how long our memory is held, and would let a small message overtake a large one.
 * All memory that UCX is lent is counted until it has let go of it, and the endpoint until all has
 * come back, so whoever waits for {@link User#closed} may free what was being sent.
 */
final class Channel implements VerbsTransfer.Card {

  /** What comes out of an endpoint. */
  interface User {

    /**
     * One message; valid during the call only.
     *
     * @param data null if the peer offers it for fetching, which nobody here does
     */
    void received(MemorySegment head, MemorySegment data);

    /** UCX has given the endpoint up; it still has to be closed. */
    void failed(String reason);

    /** UCX has let go of the endpoint and of all memory. */
    void closed();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
  private static final long FLAGS =
      UcpConstants.UCP_AM_SEND_FLAG_REPLY | UcpConstants.UCP_AM_SEND_FLAG_EAGER;

  private final UcxWorker worker;
  private final Turn turn;
  private final User user;
  private final Set<Lent> lent = new HashSet<>();
  private UcpEndpoint endpoint; // kept here: UCX's error handler holds it only weakly
  private int amId;
  private UcpRequest closing;
  private boolean closed;
  private long unsentBytes;

  Channel(UcxWorker worker, Turn turn, User user) {
    this.worker = worker;
    this.turn = turn;
    this.user = user;
  }

  void opened(UcpEndpoint opened, int activeMessageId) {
    endpoint = opened;
    amId = activeMessageId;
  }

  User user() {
    return user;
  }

  /** What it runs on, for people. */
  List<String> lanes() {
    return Lanes.of(endpoint.getNativeId());
  }

  /** Messages that UCX has not let go of. */
  int unsent() {
    return lent.size();
  }

  long unsentBytes() {
    return unsentBytes;
  }

  /** Hands the message to UCX, which releases it; not after {@link #close}. */
  void send(Outgoing message) {
    unsentBytes += message.bytes();
    lend(
        done -> {
          unsentBytes -= message.bytes();
          message.release();
        },
        lending ->
            endpoint.sendAmNonBlocking(
                amId,
                message.head().address(),
                message.head().byteSize(),
                message.data().address(),
                message.data().byteSize(),
                FLAGS,
                lending));
  }

  /** A key of the peer's memory; lives until it is closed. */
  UcpRemoteKey unpack(ByteBuffer packed) {
    return endpoint.unpackRemoteKey(packed);
  }

  @Override
  public void get(long from, UcpRemoteKey key, MemorySegment to, Consumer<Boolean> done) {
    lend(done, lending -> endpoint.getNonBlocking(from, key, to.address(), to.byteSize(), lending));
  }

  @Override
  public void put(MemorySegment from, long to, UcpRemoteKey key, Consumer<Boolean> done) {
    lend(
        done,
        lending -> endpoint.putNonBlocking(from.address(), from.byteSize(), to, key, lending));
  }

  @Override
  public void flush(Consumer<Boolean> done) {
    lend(done, endpoint::flushNonBlocking);
  }

  private void lend(Consumer<Boolean> done, Function<UcxCallback, UcpRequest> operation) {
    Lent lending = new Lent(done);
    lent.add(lending);
    try {
      var unused = operation.apply(lending);
      if (lent.contains(lending)) {
        turn.needThread();
      }
    } catch (UcxException e) {
      lending.finish(false); // unless UCX has called back before it threw
      turn.defer(() -> user.failed(e.getMessage()));
    }
  }

  /** Gives the endpoint up, with all that is unsent. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    worker.closing(this, endpoint.getNativeId());
    try {
      closing = endpoint.closeNonBlockingForce();
    } catch (UcxException e) {
      LOG.debug("closing an endpoint that UCX had closed: {}", e.getMessage());
    }
  }

  /** Whether UCX has let go; the user has then been told. */
  boolean hasClosed() {
    if ((closing != null && !closing.isCompleted()) || !lent.isEmpty()) {
      return false;
    }
    user.closed();
    return true;
  }

  /** The worker is gone, and with it everything that UCX still held. */
  void abandoned() {
    List.copyOf(lent).forEach(lending -> lending.finish(false));
    user.closed();
  }

  private final class Lent extends UcxCallback {

    private final Consumer<Boolean> done;

    Lent(Consumer<Boolean> done) {
      this.done = done;
    }

    @Override
    public void onSuccess(UcpRequest request) {
      finish(true);
    }

    @Override
    public void onError(int status, String text) {
      finish(false); // the endpoint's error handler tells the user
    }

    void finish(boolean well) {
      if (lent.remove(this)) {
        done.accept(well);
      }
    }
  }
}
