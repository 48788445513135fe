package dwarf.protocol;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.WireReader;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One memory node as engines and workers see it. Thread-safe; connects when first used and again
 * whenever the connection has failed; has no thread of its own.
 *
 * <p>N1. Every call ends by its deadline ({@link ClientOptions}), a repeated one by twice that. N2.
 * UNAVAILABLE means that the outcome is unknown; every request may be repeated, since all are
 * idempotent (repeating {@link #allocate} replaces the unsealed allocation of that key). A blocking
 * call whose connection broke repeats itself once. N3. FENCED: the database has a newer epoch.
 * STALE_HANDLE: the node does not have this shard, lease or database (any more), for example
 * because it restarted; attach again. NO_SPACE: pool or quota is full. N4. A failed read never
 * looks like "absent". N5. Futures complete on fabric threads: dependent stages must not block. A
 * call that has to connect blocks its caller meanwhile, the Async ones too.
 */
public final class MemoryNodeClient implements AutoCloseable {

  private final FabricAddress node;
  private final ClientOptions options;
  private final NodeLink link;

  public MemoryNodeClient(Fabric fabric, FabricAddress node, ClientOptions options) {
    this.node = node;
    this.options = options;
    this.link = new NodeLink(fabric, node, options);
  }

  public FabricAddress node() {
    return node;
  }

  /** What the node says about itself now; another incarnation than before means it restarted. */
  public NodeInfo hello() {
    return call(Opcode.HELLO, new OwnerRequests.Hello(Protocol.VERSION), NodeInfo::decode);
  }

  /**
   * Makes this epoch the database's owner at the node: sessions, keys and tasks of older epochs end
   * and what they had not sealed is freed. Starts the lease.
   *
   * @param quotaBytes most memory the database may hold there; 0 leaves it to the node
   * @return every sealed shard, under new handles and keys if the epoch is new
   */
  public List<ShardInventory> attach(UUID database, long epoch, long quotaBytes) {
    OwnerRequests.Session session = new OwnerRequests.Session(database, epoch);
    OwnerRequests.Attach request = new OwnerRequests.Attach(session, quotaBytes);
    return call(Opcode.ATTACH, request, OwnerRequests.Inventory::decode).shards();
  }

  /** Keeps the lease; so does every other request about the database. */
  public void renew(UUID database, long epoch) {
    call(Opcode.RENEW, new OwnerRequests.Session(database, epoch), OwnerRequests.Nothing::decode);
  }

  /** Reserves exactly {@code bytes} for one shard's image; NO_SPACE if pool or quota is full. */
  public RemoteShard allocate(UUID database, long epoch, ShardKey key, long bytes) {
    OwnerRequests.Session session = new OwnerRequests.Session(database, epoch);
    return call(
        Opcode.ALLOCATE, new OwnerRequests.Allocate(session, key, bytes), RemoteShard::decode);
  }

  /** Writes a part of an unsealed shard's image, one-sided. */
  public CompletableFuture<Void> writeAsync(RemoteShard shard, long offset, MemorySegment source) {
    if (shard.writeKey() == null) {
      return CompletableFuture.failedFuture(noKey(shard, "written"));
    }
    RemoteKey key = shard.writeKey();
    return link.transfer(c -> c.write(key, offset, source, options.transferTimeout()));
  }

  /** Reads a part of a sealed shard's image, one-sided. */
  public CompletableFuture<Void> readAsync(RemoteShard shard, long offset, MemorySegment target) {
    if (shard.readKey() == null) {
      return CompletableFuture.failedFuture(noKey(shard, "read"));
    }
    RemoteKey key = shard.readKey();
    return link.transfer(c -> c.read(key, offset, target, options.transferTimeout()));
  }

  /** Reads a value that was too large for a reply, and verifies it. */
  public CompletableFuture<MemorySegment> readLargeAsync(RemoteShard shard, LargeValue value) {
    Invariants.check(shard.handle().equals(value.shard()), "a large value is read from its shard");
    MemorySegment target = MemorySegment.ofArray(new byte[value.length()]);
    return readAsync(shard, value.offset(), target)
        .thenApply(
            done -> {
              if (Checksums.crc32c(target) != value.crc32c()) {
                throw DwarfException.corruption(
                    "value at offset "
                        + value.offset()
                        + " of shard "
                        + shard.key()
                        + " on "
                        + node
                        + ": checksum does not match; rebuild the shard from the WAL");
              }
              return target;
            });
  }

  /**
   * Ends writing: the node verifies the whole image, takes the write key back and answers with the
   * read key. CORRUPTION: the image was damaged on its way and is freed; allocate and ship again.
   */
  public RemoteShard seal(UUID database, long epoch, RemoteShard shard) {
    OwnerRequests.Session session = new OwnerRequests.Session(database, epoch);
    return call(Opcode.SEAL, new OwnerRequests.Seal(session, shard.handle()), RemoteShard::decode);
  }

  /** Gives shards back; those that are gone already are ignored. */
  public void free(UUID database, long epoch, List<ShardHandle> shards) {
    OwnerRequests.Session session = new OwnerRequests.Session(database, epoch);
    call(Opcode.FREE, new OwnerRequests.Free(session, shards), OwnerRequests.Nothing::decode);
  }

  public CompletableFuture<GetReply> getAsync(GetRequest request) {
    return link.call(Opcode.GET, request, GetReply::decode, Duration.ZERO);
  }

  /** Answers to all keys, asked for in as many requests as their size takes. */
  public CompletableFuture<MultiGetReply> multiGetAsync(MultiGetRequest request) {
    return link.call(Opcode.MULTI_GET, request, MultiGetReply::decode, Duration.ZERO)
        .thenCompose(first -> completed(request, first));
  }

  /** The next rows of a range; as many as the bounds of request and node allow. */
  public CompletableFuture<ScanReply> scanAsync(ScanRequest request) {
    return link.call(Opcode.SCAN, request, ScanReply::decode, Duration.ZERO);
  }

  /** How busy the node was at its last reply. */
  public NodeLoad lastLoad() {
    return link.load();
  }

  /** False from a failure to reach the node until the next success. */
  public boolean isHealthy() {
    return link.isHealthy();
  }

  /**
   * Offers a task; it is placed on the least loaded worker, if one is below the owner's own score.
   *
   * @param ownerScore the owner's load, as {@code dwarf.jobs.Placement} measures it
   */
  public Placement submit(FlushTask task, double ownerScore) {
    return call(Opcode.SUBMIT, new OwnerRequests.Submit(task, ownerScore), Placement::decode);
  }

  /** Waits until the attempt has ended, at most {@code wait}. */
  public TaskStatus await(UUID attempt, Duration wait) {
    return callWaiting(
        Opcode.AWAIT, new OwnerRequests.Await(attempt, wait), TaskStatus::decode, wait);
  }

  /** Ends an attempt and forgets it: its worker is told so, a later result is refused. */
  public void cancel(UUID attempt) {
    call(Opcode.CANCEL, new OwnerRequests.Cancel(attempt), OwnerRequests.Nothing::decode);
  }

  /** Offers this process as a worker; NOT_SUPPORTED if its files would not fit the owners'. */
  public WorkerLease register(WorkerInfo worker) {
    return call(Opcode.REGISTER, worker, WorkerLease::decode);
  }

  /** Waits for a task, at most {@code wait}; STALE_HANDLE: register again. */
  public Optional<FlushTask> take(long worker, Duration wait) {
    WorkerRequests.Take request = new WorkerRequests.Take(worker, wait);
    return callWaiting(Opcode.TAKE, request, WorkerRequests.Taken::decode, wait).task();
  }

  /**
   * Keeps the attempt's lease.
   *
   * @return false if it is lost or the task was cancelled: abandon it
   */
  public boolean heartbeat(
      long worker, UUID attempt, long progressBytes, long storageBytesPerSecond) {
    WorkerRequests.Holder holder = new WorkerRequests.Holder(worker, attempt);
    return call(
            Opcode.HEARTBEAT,
            new WorkerRequests.Heartbeat(holder, progressBytes, storageBytesPerSecond),
            WorkerRequests.HeartbeatReply::decode)
        .held();
  }

  /** Hands in a result; STALE_HANDLE if the lease was lost: delete the files. */
  public void complete(long worker, UUID attempt, FlushResult result) {
    WorkerRequests.Holder holder = new WorkerRequests.Holder(worker, attempt);
    call(
        Opcode.COMPLETE,
        new WorkerRequests.Complete(holder, result),
        OwnerRequests.Nothing::decode);
  }

  /** Gives an attempt up; STALE_HANDLE if the lease was lost anyway. */
  public void fail(long worker, UUID attempt, DwarfException.Kind kind, String message) {
    WorkerRequests.Holder holder = new WorkerRequests.Holder(worker, attempt);
    String told = message.length() > 4000 ? message.substring(0, 4000) : message;
    call(Opcode.FAIL, new WorkerRequests.Fail(holder, kind, told), OwnerRequests.Nothing::decode);
  }

  /** Ends the connection; the node frees what this client has not sealed. */
  @Override
  public void close() {
    link.close();
  }

  private CompletableFuture<MultiGetReply> completed(MultiGetRequest request, MultiGetReply reply) {
    int answered = reply.answers().size();
    int asked = request.keys().size();
    if (answered == asked) {
      return CompletableFuture.completedFuture(reply);
    }
    if (answered == 0 || answered > asked) {
      return CompletableFuture.failedFuture(
          DwarfException.corruption(
              "memory node " + node + " answered " + answered + " of " + asked + " keys"));
    }
    return multiGetAsync(request.from(answered))
        .thenApply(
            rest -> {
              List<GetReply> all = new ArrayList<>(reply.answers());
              all.addAll(rest.answers());
              return new MultiGetReply(List.copyOf(all));
            });
  }

  private <T> T call(Opcode opcode, Message message, Function<WireReader, T> decoder) {
    return callWaiting(opcode, message, decoder, Duration.ZERO);
  }

  private <T> T callWaiting(
      Opcode opcode, Message message, Function<WireReader, T> decoder, Duration wait) {
    try {
      return NodeLink.join(link.call(opcode, message, decoder, wait));
    } catch (DwarfException failure) {
      if (failure.kind() != DwarfException.Kind.UNAVAILABLE || link.isConnected()) {
        throw failure;
      }
      return NodeLink.join(link.call(opcode, message, decoder, wait));
    }
  }

  private DwarfException noKey(RemoteShard shard, String what) {
    return new DwarfException(
        DwarfException.Kind.STALE_HANDLE,
        "shard "
            + shard.key()
            + " on "
            + node
            + " cannot be "
            + what
            + ": "
            + (shard.isSealed() ? "it is sealed" : "it is not sealed yet"));
  }
}
