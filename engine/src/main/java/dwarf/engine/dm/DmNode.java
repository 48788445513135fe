package dwarf.engine.dm;

import dwarf.base.DwarfException;
import dwarf.engine.view.DmSource;
import dwarf.memtable.BlockSource;
import dwarf.memtable.ShardIndex;
import dwarf.protocol.GetReply;
import dwarf.protocol.GetRequest;
import dwarf.protocol.KeyCandidates;
import dwarf.protocol.LargeValue;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.MultiGetReply;
import dwarf.protocol.MultiGetRequest;
import dwarf.protocol.NodeLoad;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ScanReply;
import dwarf.protocol.ScanRequest;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardInventory;
import dwarf.protocol.ShardKey;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database's use of one memory node: every call carries the database and its epoch.
 *
 * <p>N1. What was allocated under one incarnation of the node is only ever freed under the same
 * one: a {@link Session} names it. N2. {@link #isUsable()} is advice for those who have a choice;
 * whoever has none just calls and handles the error.
 */
public final class DmNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DmNode.class);

  /** An attachment to one incarnation of the node. */
  public record Session(UUID incarnation) {}

  /** Told of sources whose reads failed both ways. */
  @FunctionalInterface
  public interface SuspicionListener {
    void suspect(DmSource source, DwarfException why);
  }

  private final MemoryNodeClient client;
  private final UUID database;
  private final long epoch;
  private final long quotaBytes;
  private final ExecutorService background;
  private volatile Session session;
  private volatile boolean usable;
  private volatile SuspicionListener listener = (source, why) -> {};
  private volatile Runnable roomListener = () -> {};
  private final AtomicLong timesRoomCame = new AtomicLong();

  public DmNode(
      MemoryNodeClient client,
      UUID database,
      long epoch,
      long quotaBytes,
      ExecutorService background) {
    this.client = client;
    this.database = database;
    this.epoch = epoch;
    this.quotaBytes = quotaBytes;
    this.background = background;
  }

  public UUID database() {
    return database;
  }

  public long epoch() {
    return epoch;
  }

  public MemoryNodeClient client() {
    return client;
  }

  /** Of the node's pool, for this database; 0 for no limit. */
  long quotaBytes() {
    return quotaBytes;
  }

  public void onSuspicion(SuspicionListener suspicionListener) {
    listener = suspicionListener;
  }

  /** To be run whenever {@link #release} has made room. */
  void onRoom(Runnable listening) {
    roomListener = listening;
  }

  /** How often {@link #release} has made room; to find out whether it has since. */
  long timesRoomCame() {
    return timesRoomCame.get();
  }

  /** Attaches (again): older epochs die, and the sealed shards of this database are listed. */
  public List<ShardInventory> attach() {
    UUID incarnation = client.hello().incarnation();
    List<ShardInventory> inventory = client.attach(database, epoch, quotaBytes);
    session = new Session(incarnation);
    usable = true;
    return inventory;
  }

  public boolean isUsable() {
    return usable;
  }

  void setUsable(boolean now) {
    usable = now;
  }

  /** The present attachment; UNAVAILABLE if there has never been one. */
  public Session session() {
    Session now = session;
    if (now == null) {
      throw DwarfException.unavailable("not attached to the memory node yet");
    }
    return now;
  }

  public NodeLoad load() {
    return client.lastLoad();
  }

  public void suspect(DmSource source, DwarfException why) {
    listener.suspect(source, why);
  }

  RemoteShard allocate(Session under, ShardKey key, long bytes) {
    checkCurrent(under);
    return client.allocate(database, epoch, key, bytes);
  }

  CompletableFuture<Void> write(RemoteShard shard, MemorySegment image) {
    return client.writeAsync(shard, 0, image);
  }

  RemoteShard seal(Session under, RemoteShard shard) {
    checkCurrent(under);
    return client.seal(database, epoch, shard);
  }

  /** Frees in the background; what cannot be freed now is freed by the lease or the next attach. */
  void free(Session under, List<ShardHandle> shards) {
    free(under, shards, () -> {});
  }

  /** As {@link #free}, of a memtable that others may be waiting for the room of. */
  void release(Session under, List<ShardHandle> shards) {
    free(
        under,
        shards,
        () -> {
          timesRoomCame.incrementAndGet();
          roomListener.run();
        });
  }

  private void free(Session under, List<ShardHandle> shards, Runnable afterwards) {
    if (shards.isEmpty() || !under.equals(session) || background.isShutdown()) {
      return;
    }
    background.execute(
        () -> {
          try {
            client.free(database, epoch, shards);
            afterwards.run();
          } catch (DwarfException e) {
            LOG.info("{} shards are left to the lease: {}", shards.size(), e.getMessage());
          }
        });
  }

  public GetReply get(long sequence, List<ShardHandle> newestFirst, byte[] key) {
    return await(client.getAsync(new GetRequest(database, epoch, sequence, newestFirst, key)));
  }

  /** Answers in the order of the keys; each names its candidates by their position in handles. */
  public MultiGetReply multiGet(
      long sequence, List<ShardHandle> handles, List<KeyCandidates> keys) {
    return await(
        client.multiGetAsync(new MultiGetRequest(database, epoch, sequence, handles, keys)));
  }

  public MemorySegment readLarge(RemoteShard shard, LargeValue value) {
    return await(client.readLargeAsync(shard, value));
  }

  public ScanReply scan(ScanRequest request) {
    return await(client.scanAsync(request));
  }

  /** Reads blocks of a shard one-sided; each read's nanoseconds go to {@code cost}. */
  public BlockSource blocks(RemoteShard shard, LongConsumer cost) {
    return (offset, length) -> {
      MemorySegment block = MemorySegment.ofArray(new byte[length]);
      long start = System.nanoTime();
      read(shard, offset, block);
      cost.accept(System.nanoTime() - start);
      return block;
    };
  }

  /**
   * Fills the target, one-sided. If it throws, the target may still be written to until the
   * deadline: an interrupted wait leaves the operation under way.
   */
  public void read(RemoteShard shard, long offset, MemorySegment target) {
    await(client.readAsync(shard, offset, target));
  }

  /** Reads a whole shard and verifies it; only for images that fit an array. */
  public MemorySegment readImage(RemoteShard shard) {
    MemorySegment image = MemorySegment.ofArray(new byte[Math.toIntExact(shard.bytes())]);
    await(client.readAsync(shard, 0, image));
    ShardIndex.verify(image);
    return image;
  }

  /** Waits for a reply; its deadline is the client's, so this ends. */
  <T> T await(CompletableFuture<T> reply) {
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw asDwarf(e.getCause());
    } catch (CompletionException e) {
      throw asDwarf(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, "interrupted while waiting for the memory node", e);
    }
  }

  private void checkCurrent(Session under) {
    if (!under.equals(session)) {
      throw new DwarfException(
          DwarfException.Kind.STALE_HANDLE, "the memory node restarted in the meantime");
    }
  }

  private static DwarfException asDwarf(Throwable cause) {
    return cause instanceof DwarfException known
        ? new DwarfException(known.kind(), known.getMessage(), known)
        : new DwarfException(DwarfException.Kind.INTERNAL, "remote operation failed", cause);
  }

  @Override
  public void close() {
    usable = false;
    client.close();
  }
}
