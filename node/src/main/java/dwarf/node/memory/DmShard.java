package dwarf.node.memory;

import dwarf.base.Invariants;
import dwarf.memtable.BlockSource;
import dwarf.memtable.ShardIndex;
import dwarf.memtable.ShardReader;
import dwarf.protocol.RemoteShard;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One allocation and what became of it. The memory lives until {@link #drop} and until the last pin
 * has gone; a pin is held by whoever reads it inside this process.
 */
final class DmShard {

  /** In this order; a shard may become DEAD from every other state. */
  enum State {
    WRITING,
    VERIFYING,
    SEALED,
    DEAD
  }

  private final DmPool pool;
  private final DmPool.Block block;
  private final long peer;
  private final Runnable whenReleased;

  /** One for the registry's hold, one for every pin; at 0 the memory has been released. */
  private final AtomicInteger holds = new AtomicInteger(1);

  /** Written under the lock of the {@link DatabaseShards} that lists this shard, as below. */
  private volatile RemoteShard remote;

  private volatile State state = State.WRITING;
  private volatile ShardIndex index;
  private CompletableFuture<RemoteShard> sealing;

  /**
   * @param peer the connection it was allocated over
   * @param whenReleased runs once the memory is back in the pool
   */
  DmShard(DmPool pool, DmPool.Block block, long peer, RemoteShard remote, Runnable whenReleased) {
    this.pool = pool;
    this.block = block;
    this.peer = peer;
    this.remote = remote;
    this.whenReleased = whenReleased;
  }

  RemoteShard remote() {
    return remote;
  }

  State state() {
    return state;
  }

  long peer() {
    return peer;
  }

  DmPool.Block block() {
    return block;
  }

  MemorySegment image() {
    return block.memory();
  }

  /** Set before the shard is SEALED. */
  ShardIndex index() {
    return index;
  }

  ShardReader reader() {
    return new ShardReader(index, source());
  }

  BlockSource source() {
    return ShardReader.over(image());
  }

  CompletableFuture<RemoteShard> sealing() {
    return sealing;
  }

  void startSeal() {
    Invariants.check(state == State.WRITING, "only a shard being written is sealed");
    state = State.VERIFYING;
    sealing = new CompletableFuture<>();
  }

  void sealed(RemoteShard readable, ShardIndex loaded) {
    Invariants.check(state == State.VERIFYING, "a shard is sealed once it was verified");
    index = loaded;
    remote = readable;
    state = State.SEALED;
  }

  /** Gives a sealed shard a new handle and key, for a new epoch. */
  void rename(RemoteShard renamed) {
    Invariants.check(state == State.SEALED, "only a sealed shard outlives its epoch");
    remote = renamed;
    sealing = CompletableFuture.completedFuture(renamed);
  }

  void markDead() {
    state = State.DEAD;
  }

  /** False if the memory has been released, or is about to be. */
  boolean pin() {
    int before;
    do {
      before = holds.get();
      if (before == 0) {
        return false;
      }
    } while (!holds.compareAndSet(before, before + 1));
    return true;
  }

  void unpin() {
    int left = holds.decrementAndGet();
    Invariants.check(left >= 0, "a shard is unpinned as often as it was pinned");
    if (left == 0) {
      pool.release(block);
      whenReleased.run();
    }
  }

  /** Ends every right to the memory, then gives up the registry's hold; once, after markDead. */
  void drop() {
    Invariants.check(state == State.DEAD, "a shard is taken out of the registry before it drops");
    RemoteShard last = remote;
    if (last.writeKey() != null) {
      pool.revoke(last.writeKey());
    }
    if (last.readKey() != null) {
      pool.revoke(last.readKey());
    }
    unpin();
  }
}
