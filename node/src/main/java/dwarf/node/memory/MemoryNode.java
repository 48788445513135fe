package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.Spin;
import dwarf.base.StepListener;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Listener;
import dwarf.fabric.Peer;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import dwarf.protocol.FlushTask;
import dwarf.protocol.GetRequest;
import dwarf.protocol.Message;
import dwarf.protocol.MultiGetRequest;
import dwarf.protocol.NodeInfo;
import dwarf.protocol.Opcode;
import dwarf.protocol.OwnerRequests;
import dwarf.protocol.Protocol;
import dwarf.protocol.ScanRequest;
import dwarf.protocol.TaskStatus;
import dwarf.protocol.WorkerInfo;
import dwarf.protocol.WorkerRequests;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends memory, answers reads from it, and places flush tasks.
 *
 * <p>Everything is lost when it stops; each start has a new incarnation, and handles of another one
 * name nothing. Fabric threads only decode requests and do what takes microseconds; what revokes
 * keys, clears or verifies memory runs on the memory threads, gets of one key run where they come
 * in, other reads on the read threads, and one timer ends leases and waits.
 *
 * <p>Steps told to the {@link StepListener}: memory-node.attached, memory-node.allocated,
 * memory-node.sealed, memory-node.freed, memory-node.task-placed, memory-node.task-completed, each
 * after the fact and before the reply.
 */
public final class MemoryNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryNode.class);
  private static final Duration TICK = Duration.ofMillis(20);
  private static final int TICKS_PER_SAMPLE = 10;
  private static final int MEMORY_THREADS = 2;
  private static final int MAX_QUEUED_CHANGES = 4096;

  private final MemoryNodeConfig config;
  private final UUID incarnation = UUID.randomUUID();
  private final DmPool pool;
  private final ShardRegistry registry;
  private final DelegatedReads reads;
  private final TaskBoard board;
  private final BoundedThreads readThreads;
  private final BoundedThreads memoryThreads;
  private final ScheduledExecutorService timer;
  private final LoadMeter meter;
  private final Router router;
  private final Lanes lanes;

  /** Connections that have said HELLO in this version. */
  private final Set<Long> greeted = ConcurrentHashMap.newKeySet();

  private final Listener listener;
  private final ScheduledFuture<?> ticking;
  private final AtomicBoolean closed = new AtomicBoolean();
  private long ticks;

  private MemoryNode(MemoryNodeConfig config) {
    this.config = config;
    this.pool = new DmPool(config.fabric(), config.poolBytes(), config.giveBackBytes());
    this.registry = new ShardRegistry(pool, config.clock());
    this.reads = new DelegatedReads(config.clock(), config.limits().scanTime());
    this.board = new TaskBoard(config.clock(), config.taskLease(), config.steps());
    this.readThreads =
        new BoundedThreads(
            "memory-node-read",
            config.limits().readThreads(),
            config.limits().maxQueuedReads(),
            Spin.BEFORE_SLEEP);
    this.memoryThreads =
        new BoundedThreads("memory-node-memory", MEMORY_THREADS, MAX_QUEUED_CHANGES, Duration.ZERO);
    this.meter = new LoadMeter(pool, readThreads);
    this.router = new Router(meter::now);
    this.lanes =
        new Lanes(router, memoryThreads, readThreads, config.limits().maxReadsPerDatabase());
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("memory-node-timer").factory());
    addMemoryRoutes();
    addReadRoutes();
    addTaskRoutes();
    this.listener = listen();
    this.ticking =
        timer.scheduleWithFixedDelay(
            this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Starts serving; returns when clients can connect. */
  public static MemoryNode start(MemoryNodeConfig config) {
    return new MemoryNode(config);
  }

  /** Where clients connect; the real port if port 0 was asked for. */
  public FabricAddress address() {
    return listener.address();
  }

  public UUID incarnation() {
    return incarnation;
  }

  /** Bytes of the pool that are lent. */
  public long poolUsed() {
    return pool.used();
  }

  /** Ends every connection and gives the memory back to the operating system. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listener.close();
    ticking.cancel(false);
    stop();
  }

  private Listener listen() {
    try {
      return config.fabric().listen(config.address(), new Server());
    } catch (DwarfException refused) {
      stop();
      throw refused;
    }
  }

  private void stop() {
    timer.close();
    memoryThreads.close();
    readThreads.close();
    pool.close();
  }

  private void addMemoryRoutes() {
    router.add(Opcode.HELLO, OwnerRequests.Hello::decode, this::hello);
    lanes.onMemoryThread(
        Opcode.ATTACH, OwnerRequests.Attach::decode, (request, peer) -> attach(request));
    router.add(
        Opcode.RENEW,
        OwnerRequests.Session::decode,
        (request, peer, answer) -> {
          require(request);
          answer.send(new OwnerRequests.Nothing());
        });
    lanes.onMemoryThread(Opcode.ALLOCATE, OwnerRequests.Allocate::decode, this::allocate);
    router.add(
        Opcode.SEAL,
        OwnerRequests.Seal::decode,
        (request, peer, answer) ->
            memoryThreads.execute(() -> answer.guard(() -> seal(request, answer))));
    lanes.onMemoryThread(Opcode.FREE, OwnerRequests.Free::decode, (request, peer) -> free(request));
  }

  private void addReadRoutes() {
    router.add(
        Opcode.GET,
        GetRequest::decode,
        (request, peer, answer) ->
            lanes.readInline(
                registry.database(request.database()),
                answer,
                (db, out) -> reads.get(db, request, out)));
    router.add(
        Opcode.MULTI_GET,
        MultiGetRequest::decode,
        (request, peer, answer) ->
            lanes.read(
                registry.database(request.database()),
                answer,
                (db, out) -> reads.multiGet(db, request, out)));
    router.add(
        Opcode.SCAN,
        ScanRequest::decode,
        (request, peer, answer) ->
            lanes.read(
                registry.database(request.database()),
                answer,
                (db, out) -> reads.scan(db, request, out)));
  }

  private void addTaskRoutes() {
    lanes.inline(
        Opcode.SUBMIT,
        OwnerRequests.Submit::decode,
        (request, peer) -> {
          FlushTask task = request.task();
          require(new OwnerRequests.Session(task.database(), task.epoch()));
          return board.submit(task, request.ownerScore());
        });
    router.add(
        Opcode.AWAIT,
        OwnerRequests.Await::decode,
        (request, peer, answer) ->
            answer.sendWhenDone(board.await(request.attempt(), request.patience(), peer.id())));
    lanes.inline(
        Opcode.CANCEL,
        OwnerRequests.Cancel::decode,
        Lanes.nothing((request, peer) -> board.cancel(request.attempt())));
    lanes.inline(
        Opcode.REGISTER,
        WorkerInfo::decode,
        (request, peer) -> {
          requireFit(request);
          return board.register(request, peer.id());
        });
    router.add(
        Opcode.TAKE,
        WorkerRequests.Take::decode,
        (request, peer, answer) ->
            answer.sendWhenDone(board.take(request.worker(), request.patience(), peer.id())));
    lanes.inline(
        Opcode.HEARTBEAT,
        WorkerRequests.Heartbeat::decode,
        (request, peer) ->
            new WorkerRequests.HeartbeatReply(
                board.heartbeat(
                    request.holder(),
                    request.progressBytes(),
                    request.storageBytesPerSecond(),
                    peer.id())));
    lanes.inline(
        Opcode.COMPLETE,
        WorkerRequests.Complete::decode,
        Lanes.nothing(
            (request, peer) -> board.complete(request.holder(), request.result(), peer.id())));
    lanes.inline(
        Opcode.FAIL,
        WorkerRequests.Fail::decode,
        Lanes.nothing(
            (request, peer) ->
                board.fail(
                    request.holder(),
                    new TaskStatus.Failed(request.kind(), request.message()),
                    peer.id())));
  }

  private void hello(OwnerRequests.Hello request, Peer peer, Router.Answer answer) {
    if (request.version() != Protocol.VERSION) {
      throw DwarfException.notSupported(
          "protocol version "
              + request.version()
              + ": this memory node speaks "
              + Protocol.VERSION
              + "; run the same release on both");
    }
    greeted.add(peer.id());
    answer.send(new NodeInfo(incarnation, Protocol.VERSION, pool.capacity(), config.lease()));
  }

  private Message attach(OwnerRequests.Attach request) {
    OwnerRequests.Session session = request.session();
    long most = config.limits().databaseQuotaBytes();
    long quota = request.quotaBytes() == 0 ? most : Math.min(most, request.quotaBytes());
    Message inventory =
        new OwnerRequests.Inventory(
            registry.admit(session.database()).attach(session.epoch(), quota));
    board.endEpochsBelow(session.database(), session.epoch());
    config.steps().reached("memory-node.attached");
    return inventory;
  }

  private Message allocate(OwnerRequests.Allocate request, Peer peer) {
    OwnerRequests.Session session = request.session();
    Message shard =
        registry
            .database(session.database())
            .allocate(session.epoch(), peer.id(), request.key(), request.bytes());
    config.steps().reached("memory-node.allocated");
    return shard;
  }

  private void seal(OwnerRequests.Seal request, Router.Answer answer) {
    OwnerRequests.Session session = request.session();
    answer.sendWhenDone(
        registry
            .database(session.database())
            .seal(session.epoch(), request.handle())
            .whenComplete(
                (shard, failure) -> {
                  if (failure == null) {
                    config.steps().reached("memory-node.sealed");
                  }
                }));
  }

  private Message free(OwnerRequests.Free request) {
    OwnerRequests.Session session = request.session();
    registry.database(session.database()).free(session.epoch(), request.shards());
    config.steps().reached("memory-node.freed");
    return new OwnerRequests.Nothing();
  }

  private void require(OwnerRequests.Session session) {
    registry.database(session.database()).require(session.epoch());
  }

  private void requireFit(WorkerInfo worker) {
    if (!worker.comparator().equals(WorkerInfo.BYTEWISE)) {
      throw unfit(worker, "orders keys by " + worker.comparator(), WorkerInfo.BYTEWISE);
    }
    String wanted = config.rocksVersion();
    if (!wanted.isEmpty() && !worker.rocksVersion().equals(wanted)) {
      throw unfit(worker, "writes with RocksDB " + worker.rocksVersion(), wanted);
    }
    if (worker.slots() == 0) {
      throw DwarfException.invalid("worker " + worker.name() + " offers no slot");
    }
  }

  private static DwarfException unfit(WorkerInfo worker, String has, String needs) {
    return DwarfException.notSupported(
        "worker " + worker.name() + " " + has + ": the owners here need " + needs);
  }

  private void tick() {
    try {
      for (UUID expired : registry.expire(config.lease().toNanos())) {
        LOG.warn("database {}: lease ran out, its memory is freed", expired);
        board.endEpochsBelow(expired, Long.MAX_VALUE);
      }
      board.tick();
      if (ticks++ % TICKS_PER_SAMPLE == 0) {
        meter.sample();
      }
    } catch (RuntimeException failure) {
      LOG.error("memory node: ending leases and waits failed", failure);
    }
  }

  /** What the fabric calls. */
  private final class Server implements ServerHandler {

    @Override
    public void onOpen(Peer peer) {
      registry.openPeer(peer.id());
    }

    @Override
    public void onRequest(Peer peer, int code, MemorySegment payload, Reply reply) {
      Opcode opcode = Opcode.fromCode(code);
      if (opcode != Opcode.HELLO && !greeted.contains(peer.id())) {
        throw DwarfException.invalid(
            opcode + " from " + peer.description() + ": the first request must be HELLO");
      }
      router.route(peer, opcode, payload, reply);
    }

    @Override
    public void onClose(Peer peer) {
      greeted.remove(peer.id());
      registry.closePeer(peer.id());
      board.closePeer(peer.id());
      try {
        timer.execute(() -> registry.sweepPeer(peer.id()));
      } catch (RejectedExecutionException closing) {
        LOG.debug("{} left while the node closes, which frees everything", peer.description());
      }
    }
  }
}
