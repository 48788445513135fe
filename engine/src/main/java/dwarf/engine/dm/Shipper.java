package dwarf.engine.dm;

import dwarf.base.DwarfException;
import dwarf.base.StepListener;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableId;
import dwarf.engine.view.Views;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.SealPlan;
import dwarf.memtable.SealSpec;
import dwarf.memtable.ShardIndex;
import dwarf.memtable.ShardPolicy;
import dwarf.memtable.ShardReader;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardKey;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * Seals one frozen memtable and ships its shards: while one shard travels, the next is gathered, so
 * at most two send buffers exist. Used by the offload thread alone.
 */
public final class Shipper {

  private static final int BLOCK_BYTES = 4096;
  private static final double BLOOM_BITS_PER_KEY = 10;

  private final DmNode node;
  private final Views views;
  private final ShardPolicy policy;
  private final Statistics statistics;
  private final StepListener steps;
  private final LongConsumer syncLog;
  private final Runnable afterShard;
  private final SendBuffers buffers = new SendBuffers();
  private volatile double progress = 1;

  /**
   * @param syncLog makes the log durable up to a sequence first, so that DM is never ahead of it
   *     after a power cut
   */
  public Shipper(
      DmNode node, Views views, ShardPolicy policy, LongConsumer syncLog, Signals signals) {
    this.node = node;
    this.views = views;
    this.policy = policy;
    this.syncLog = syncLog;
    this.statistics = signals.statistics();
    this.steps = signals.steps();
    this.afterShard = signals.progress()::signal;
  }

  /** Bytes of send buffers. */
  public long sendBytes() {
    return buffers.bytes();
  }

  /** Nothing has been sent for a while. */
  void trim() {
    buffers.trim();
  }

  /** Nothing will be sent any more. */
  void close() {
    buffers.close();
  }

  /** The part of the memtable under way that has arrived, 0 to 1; 1 if none is under way. */
  double progress() {
    return progress;
  }

  /** Ships all shards, or frees those shipped and throws. */
  DmSource ship(LogSource log) {
    progress = 0;
    try {
      return shipWhole(log);
    } finally {
      progress = 1;
    }
  }

  private DmSource shipWhole(LogSource log) {
    MemtableId id = log.id();
    ImageIdentity identity =
        new ImageIdentity(
            node.database(),
            node.epoch(),
            id.family(),
            id.number(),
            id.firstSequence(),
            log.lastSequence());
    SealSpec spec =
        new SealSpec(identity, views.snapshotSequences(), policy, BLOCK_BYTES, BLOOM_BITS_PER_KEY);
    syncLog.accept(log.lastSequence());
    SealPlan plan = SealPlan.of(log.table(), spec);
    DmNode.Session session = node.session();
    Shipment shipment = new Shipment(session, id, plan);
    try {
      shipment.run();
    } catch (DwarfException e) {
      shipment.abandon();
      throw e;
    }
    DmSource.SealedRange range =
        new DmSource.SealedRange(id, log.lastSequence(), log.hasUnloggedRecords());
    return new DmSource(range, shipment.shards, handles -> node.release(session, handles));
  }

  /** Gives up a shipped memtable that no view needs any more. */
  void discard(DmSource source) {
    node.release(node.session(), source.shards().stream().map(s -> s.remote().handle()).toList());
  }

  /** The shards of one memtable on their way. */
  private final class Shipment {

    private final DmNode.Session session;
    private final MemtableId id;
    private final SealPlan plan;
    private final List<DmShard> shards = new ArrayList<>();
    private final List<ShardHandle> allocated = new ArrayList<>();
    private Travelling previous;

    Shipment(DmNode.Session session, MemtableId id, SealPlan plan) {
      this.session = session;
      this.id = id;
      this.plan = plan;
    }

    void run() {
      for (int shard = 0; shard < plan.shardCount(); shard++) {
        Travelling next = send(shard);
        arrive();
        previous = next;
        progress = (double) shards.size() / plan.shardCount();
        afterShard.run();
      }
      arrive();
    }

    private Travelling send(int shard) {
      long bytes = plan.imageBytes(shard);
      ShardKey key = new ShardKey(id.family(), id.number(), shard);
      RemoteShard remote = node.allocate(session, key, bytes);
      allocated.add(remote.handle());
      steps.reached("offload.allocated");
      SendBuffers.Buffer buffer = buffers.take(bytes);
      try {
        MemorySegment image = buffer.first(bytes);
        plan.gather(shard, image);
        ShardIndex index = ShardIndex.load(ShardReader.over(image), bytes);
        return new Travelling(remote, index, bytes, buffer, node.write(remote, image));
      } catch (RuntimeException e) {
        buffers.giveBack(buffer);
        throw e;
      }
    }

    /** Waits for the shard sent before, seals it, and gives its buffer back. */
    private void arrive() {
      if (previous == null) {
        return;
      }
      Travelling shard = previous;
      previous = null;
      try {
        node.await(shard.written);
        steps.reached("offload.shipped");
        RemoteShard sealed = node.seal(session, shard.remote);
        shards.add(new DmShard(sealed, shard.index));
        statistics.add(Counter.OFFLOAD_BYTES_SHIPPED, shard.bytes);
      } finally {
        release(shard);
      }
    }

    void abandon() {
      if (previous != null) {
        release(previous);
        previous = null;
      }
      node.free(session, allocated);
    }

    private void release(Travelling shard) {
      if (shard.written.isDone()) {
        buffers.giveBack(shard.buffer);
      } else {
        CompletableFuture<Void> unused =
            shard.written.whenComplete((done, error) -> buffers.giveBack(shard.buffer));
      }
    }
  }

  private record Travelling(
      RemoteShard remote,
      ShardIndex index,
      long bytes,
      SendBuffers.Buffer buffer,
      CompletableFuture<Void> written) {}
}
