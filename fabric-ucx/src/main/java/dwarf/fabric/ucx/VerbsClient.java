package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpRemoteKey;

/**
 * The connecting end's use of the network card. Confined to the progress thread.
 *
 * <p>V1. Nobody waits for the card: as long as the lane is not open or a key's handle not known, a
 * transfer goes by messages, and the first that misses something asks for it. V2. A read that the
 * card fails at, for whatever reason, is done again by messages, which gives the proper error:
 * STALE_HANDLE if the key was revoked. A write is not: what the card has sent of it may still be on
 * its way, and could land on what is written next. The server is asked whether the key is alive;
 * then the write's outcome is unknown, else the key is stale. V3. Handles belong to a lane and are
 * dropped with it; they are bounded in number.
 */
final class VerbsClient {

  private static final int MOST_HANDLES = 1 << 14;
  private static final long RESOLVE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ClientLink link;
  private final Link.Home home;
  private final InetSocketAddress address;
  private final Map<Token, Handle> handles = new LinkedHashMap<>(16, 0.75f, true);
  private VerbsLane lane;
  private boolean mayOpen = true;
  private final AtomicLong done = new AtomicLong();

  private record Token(long low, long high) {

    static Token of(RemotePlace place) {
      return new Token(place.keyLow(), place.keyHigh());
    }
  }

  /** One key on the current lane; {@code known} is null until it has been resolved. */
  private static final class Handle {

    VerbsHandle known;
    UcpRemoteKey key;
    int users;
    boolean dropped;

    void closeIfUnused() {
      if (dropped && users == 0 && key != null) {
        key.close();
        key = null;
      }
    }
  }

  VerbsClient(ClientLink link, Link.Home home, InetSocketAddress address) {
    this.link = link;
    this.home = home;
    this.address = address;
    open();
  }

  /** Transfers done by the card; any thread. */
  long done() {
    return done.get();
  }

  /** Whether the card does the transfer. */
  boolean take(Transfer transfer) {
    if (lane == null || !lane.isUsable()) {
      open();
      return false;
    }
    RemotePlace target = transfer.target();
    Handle handle = handles.get(Token.of(target));
    if (handle == null) {
      resolve(target);
      return false;
    }
    long bytes = transfer.local().byteSize();
    if (handle.key == null
        || bytes == 0
        || !handle.known.allows(target.offset(), bytes, transfer.isWrite())) {
      return false;
    }
    handle.users++;
    VerbsTransfer.Remote remote =
        new VerbsTransfer.Remote(lane.card(), handle.key, handle.known.address());
    new VerbsTransfer(transfer, remote, link.chunkBytes(), well -> finished(handle, transfer, well))
        .start();
    return true;
  }

  private void finished(Handle handle, Transfer transfer, boolean well) {
    handle.users--;
    handle.closeIfUnused();
    if (well) {
      done.incrementAndGet();
    }
    transfer.comeBack(well);
    if (transfer.hasMore() && transfer.isWrite()) {
      link.resolve(keyOf(transfer.target()), new Verdict(transfer));
    } else if (transfer.hasMore()) {
      link.emulate(transfer);
    }
  }

  private static RemotePlace keyOf(RemotePlace place) {
    return place.part(-place.offset(), 0);
  }

  /** Why the card did not do a write. */
  private record Verdict(Transfer transfer) implements ClientOperation {

    @Override
    public long deadlineNanos() {
      return transfer.deadlineNanos();
    }

    @Override
    public void answered(MemorySegment handleOfLiveKey) {
      fail(
          DwarfException.unavailable(
              "the network card lost its connection during a write; the outcome is unknown"));
    }

    @Override
    public void fail(DwarfException reason) {
      transfer.fail(reason);
    }
  }

  private void open() {
    if (lane == null && mayOpen) {
      mayOpen = false;
      home.progress().later(REOPEN_NANOS, () -> mayOpen = true);
      lane = new VerbsLane(home, address, this::dropLane);
      lane.connect();
    }
  }

  private void resolve(RemotePlace target) {
    if (handles.size() >= MOST_HANDLES) {
      drop(handles.keySet().iterator().next());
    }
    Handle handle = new Handle();
    handles.put(Token.of(target), handle);
    link.resolve(keyOf(target), new Resolution(Token.of(target), handle));
  }

  private final class Resolution implements ClientOperation {

    private final Token token;
    private final Handle handle;
    private final long deadlineNanos = System.nanoTime() + RESOLVE_NANOS;

    Resolution(Token token, Handle handle) {
      this.token = token;
      this.handle = handle;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public void answered(MemorySegment payload) {
      handle.known = VerbsHandle.decode(payload);
      if (handle.dropped || !lane.isUsable()) {
        return;
      }
      byte[] packed = handle.known.packedKey();
      try {
        handle.key =
            lane.card().unpack(ByteBuffer.allocateDirect(packed.length).put(packed).flip());
      } catch (UcxException e) {
        drop(token); // another kind of card: this key goes by messages
      }
    }

    @Override
    public void fail(DwarfException reason) {
      if (handles.get(token) == handle) {
        handles.remove(token);
      }
    }
  }

  /** The key is gone: later transfers go by messages and are told so. */
  void revoked(RemotePlace place) {
    drop(Token.of(place));
  }

  private void drop(Token token) {
    Handle handle = handles.remove(token);
    if (handle != null) {
      handle.dropped = true;
      handle.closeIfUnused();
    }
  }

  /** Ends what the card has under way; it is told to those who wait when the card has let go. */
  void endLane(DwarfException reason) {
    if (lane != null) {
      lane.close(reason);
    }
  }

  private void dropLane() {
    List.copyOf(handles.keySet()).forEach(this::drop);
    lane = null;
  }
}
