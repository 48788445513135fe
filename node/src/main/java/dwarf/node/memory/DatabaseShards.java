package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.RemoteKey;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.ShardIndex;
import dwarf.protocol.Protocol;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardInventory;
import dwarf.protocol.ShardKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What one database has on this node: its epoch, its lease, its shards.
 *
 * <p>D1. The epoch never falls; a request of an older one is FENCED, also after the lease ran out.
 * D2. A shard is listed under its handle and under its key, or it is dead. D3. A key that allows
 * writing ends before the image is verified, and with the epoch, the lease or the client that got
 * it. D4. Handles and keys of one epoch mean nothing in the next: sealed shards get new ones. D5.
 * Memory counts against the quota until it is back in the pool.
 *
 * <p>Changes are made under this object's lock; reads look handles up without it. Revoking keys and
 * clearing memory happen outside the lock except at a change of epoch, which must end the old keys
 * before it is answered.
 */
final class DatabaseShards {

  private final UUID database;
  private final ShardRegistry.Environment node;
  private final Map<ShardHandle, DmShard> byHandle = new ConcurrentHashMap<>();
  private final Map<ShardKey, DmShard> byKey = new HashMap<>();
  private final AtomicLong used = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();

  /** Written under the lock. */
  private volatile long epoch = -1;

  private volatile boolean attached;
  private volatile long lastSeen;
  private long quota;

  DatabaseShards(UUID database, ShardRegistry.Environment node) {
    this.database = database;
    this.node = node;
  }

  UUID database() {
    return database;
  }

  boolean isAttached() {
    return attached;
  }

  long lastSeen() {
    return lastSeen;
  }

  long used() {
    return used.get();
  }

  /** Reads of this database that are queued or running. */
  AtomicInteger reads() {
    return reads;
  }

  /**
   * Refuses an epoch that does not own the database here, and keeps the lease of the one that does.
   */
  void require(long requestEpoch) {
    if (requestEpoch < epoch) {
      throw new DwarfException(
          Kind.FENCED,
          "database "
              + database
              + ": epoch "
              + requestEpoch
              + " has been replaced by "
              + epoch
              + "; this owner must stop");
    }
    if (requestEpoch > epoch || !attached) {
      throw new DwarfException(
          Kind.STALE_HANDLE,
          "database "
              + database
              + " is not attached under epoch "
              + requestEpoch
              + " (its lease ran out, or the node restarted): attach again");
    }
    lastSeen = node.clock().nanoTime();
  }

  synchronized List<ShardInventory> attach(long newEpoch, long newQuota) {
    if (newEpoch < epoch) {
      require(newEpoch);
    }
    if (newEpoch > epoch) {
      epoch = newEpoch;
      takeOut(shard -> shard.state() != DmShard.State.SEALED).forEach(DmShard::drop);
      List.copyOf(byHandle.values()).forEach(this::rename);
    }
    quota = newQuota;
    attached = true;
    lastSeen = node.clock().nanoTime();
    return byHandle.values().stream()
        .filter(shard -> shard.state() == DmShard.State.SEALED)
        .map(DatabaseShards::describe)
        .toList();
  }

  RemoteShard allocate(long requestEpoch, long peer, ShardKey key, long bytes) {
    displaceUnsealed(requestEpoch, key);
    DmShard shard = reserve(requestEpoch, peer, key, bytes);
    if (!node.isOpen(peer)) {
      closePeer(peer);
      throw DwarfException.unavailable("the connection closed during the allocation");
    }
    return shard.remote();
  }

  /**
   * Completes on the calling thread, or with the seal of the same shard that is already running.
   */
  CompletableFuture<RemoteShard> seal(long requestEpoch, ShardHandle handle) {
    DmShard shard;
    synchronized (this) {
      require(requestEpoch);
      shard = byHandle.get(handle);
      if (shard == null) {
        throw unknown(handle);
      }
      if (shard.sealing() != null) {
        return shard.sealing();
      }
      shard.startSeal();
      shard.pin();
    }
    CompletableFuture<RemoteShard> outcome = shard.sealing();
    try {
      outcome.complete(verify(shard));
    } catch (RuntimeException damaged) {
      remove(shard);
      outcome.completeExceptionally(damaged);
    } finally {
      shard.unpin();
    }
    return outcome;
  }

  /** Returns once the memory is back in the pool, but for what is being read at the moment. */
  void free(long requestEpoch, List<ShardHandle> handles) {
    List<DmShard> freed = new ArrayList<>();
    synchronized (this) {
      require(requestEpoch);
      for (ShardHandle handle : handles) {
        DmShard shard = byHandle.get(handle);
        if (shard != null) {
          unlist(shard);
          freed.add(shard);
        }
      }
    }
    freed.forEach(DmShard::drop);
  }

  /** Pins sealed shards; all of them, or STALE_HANDLE. */
  PinnedShards pin(long requestEpoch, List<ShardHandle> handles) {
    require(requestEpoch);
    List<DmShard> pinned = new ArrayList<>(handles.size());
    for (ShardHandle handle : handles) {
      DmShard shard = byHandle.get(handle);
      if (shard == null || shard.state() != DmShard.State.SEALED || !shard.pin()) {
        pinned.forEach(DmShard::unpin);
        throw unknown(handle);
      }
      pinned.add(shard);
    }
    return new PinnedShards(pinned);
  }

  /** Frees what a client that has gone was still writing. */
  void closePeer(long peer) {
    List<DmShard> orphans;
    synchronized (this) {
      orphans = takeOut(shard -> shard.state() == DmShard.State.WRITING && shard.peer() == peer);
    }
    orphans.forEach(DmShard::drop);
  }

  /** Frees everything if the lease has run out; whether it has. */
  boolean expire(long now, long leaseNanos) {
    List<DmShard> all;
    synchronized (this) {
      if (!attached || now - lastSeen <= leaseNanos) {
        return false;
      }
      attached = false;
      all = takeOut(shard -> true);
    }
    all.forEach(DmShard::drop);
    return true;
  }

  private void displaceUnsealed(long requestEpoch, ShardKey key) {
    DmShard displaced;
    synchronized (this) {
      require(requestEpoch);
      displaced = byKey.get(key);
      if (displaced == null) {
        return;
      }
      if (displaced.state() != DmShard.State.WRITING) {
        throw DwarfException.invalid(
            "shard " + key + " of database " + database + " is sealed here: free it first");
      }
      unlist(displaced);
    }
    displaced.drop();
  }

  private synchronized DmShard reserve(long requestEpoch, long peer, ShardKey key, long bytes) {
    require(requestEpoch);
    long taken = ExtentAllocator.rounded(bytes);
    if (byKey.size() >= Protocol.MAX_SHARDS_PER_DATABASE) {
      throw noSpace("it has " + byKey.size() + " shards here, the most a node keeps for one");
    }
    if (taken > quota - used.get()) {
      throw noSpace("its quota of " + quota + " bytes has " + used.get() + " in use");
    }
    DmPool.Block block = bytes > 0 ? node.pool().allocate(bytes) : null;
    if (block == null) {
      throw noSpace(poolIsFull(taken));
    }
    used.addAndGet(taken);
    RemoteKey writeKey = node.pool().grant(block, Access.READ_WRITE);
    RemoteShard remote = new RemoteShard(key, node.newHandle(), null, writeKey, bytes);
    DmShard shard = new DmShard(node.pool(), block, peer, remote, () -> used.addAndGet(-taken));
    byHandle.put(remote.handle(), shard);
    byKey.put(key, shard);
    return shard;
  }

  private RemoteShard verify(DmShard shard) {
    RemoteShard written = shard.remote();
    node.pool().revoke(written.writeKey());
    ShardIndex.verify(shard.image());
    ShardIndex index = ShardIndex.load(shard.source(), written.bytes());
    requireIdentity(written.key(), index);
    synchronized (this) {
      if (shard.state() == DmShard.State.DEAD) {
        throw unknown(written.handle());
      }
      RemoteKey readKey = node.pool().grant(shard.block(), Access.READ);
      RemoteShard readable =
          new RemoteShard(written.key(), written.handle(), readKey, null, written.bytes());
      shard.sealed(readable, index);
      return readable;
    }
  }

  private void requireIdentity(ShardKey key, ShardIndex index) {
    ImageIdentity image = index.identity();
    boolean same =
        image.database().equals(database)
            && image.family() == key.family()
            && image.memtableId() == key.memtable()
            && index.shard() == key.shard();
    if (!same) {
      throw DwarfException.corruption(
          "the image written for shard "
              + key
              + " of database "
              + database
              + " says it is shard "
              + index.shard()
              + " of "
              + image
              + ": ship the right one");
    }
  }

  private void remove(DmShard shard) {
    synchronized (this) {
      if (shard.state() == DmShard.State.DEAD) {
        return;
      }
      unlist(shard);
    }
    shard.drop();
  }

  private void rename(DmShard shard) {
    RemoteShard old = shard.remote();
    node.pool().revoke(old.readKey());
    RemoteKey readKey = node.pool().grant(shard.block(), Access.READ);
    RemoteShard renamed = new RemoteShard(old.key(), node.newHandle(), readKey, null, old.bytes());
    byHandle.remove(old.handle());
    shard.rename(renamed);
    byHandle.put(renamed.handle(), shard);
  }

  private List<DmShard> takeOut(Predicate<DmShard> which) {
    List<DmShard> out = byHandle.values().stream().filter(which).toList();
    out.forEach(this::unlist);
    return out;
  }

  private void unlist(DmShard shard) {
    byHandle.remove(shard.remote().handle());
    byKey.remove(shard.remote().key());
    shard.markDead();
  }

  private static ShardInventory describe(DmShard shard) {
    ShardIndex index = shard.index();
    ImageIdentity identity = index.identity();
    return new ShardInventory(
        shard.remote(),
        identity.firstSequence(),
        identity.lastSequence(),
        index.shardCount(),
        index.entries());
  }

  private String poolIsFull(long wanted) {
    DmPool pool = node.pool();
    String state = "the pool of " + pool.capacity() + " bytes has " + pool.used() + " in use, ";
    return pool.largestFree() >= wanted
        ? state + "and the memory node's machine has no memory for the rest of it"
        : state + "the longest free range is " + pool.largestFree();
  }

  private DwarfException noSpace(String why) {
    return new DwarfException(
        Kind.NO_SPACE,
        "no room for a shard of database "
            + database
            + ": "
            + why
            + "; keep the memtable local or flush it");
  }

  private DwarfException unknown(ShardHandle handle) {
    return new DwarfException(
        Kind.STALE_HANDLE,
        "database "
            + database
            + " has no sealed shard under handle "
            + handle
            + " (freed, of another epoch, or lost with a restart): look it up again");
  }
}
