package dwarf.node.memory;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.protocol.ShardHandle;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The databases that have memory on this node, and the connections that are open. A database stays
 * known after its lease ran out, so that its older owners stay fenced, until the place is needed.
 */
final class ShardRegistry {

  /** Most databases a node knows. */
  static final int MAX_DATABASES = 4096;

  /** What a database's shards need from the node around them. */
  interface Environment {

    DmPool pool();

    Clock clock();

    /** Random id, counted generation. */
    ShardHandle newHandle();

    /** Whether that connection is still open. */
    boolean isOpen(long peer);
  }

  private final Map<UUID, DatabaseShards> databases = new ConcurrentHashMap<>();
  private final Set<Long> peers = ConcurrentHashMap.newKeySet();
  private final Environment environment;

  ShardRegistry(DmPool pool, Clock clock) {
    this.environment = new NodeEnvironment(pool, clock, peers);
  }

  void openPeer(long peer) {
    peers.add(peer);
  }

  /** From now on the peer's allocations fail; {@link #sweepPeer} frees those it has. */
  void closePeer(long peer) {
    peers.remove(peer);
  }

  void sweepPeer(long peer) {
    databases.values().forEach(database -> database.closePeer(peer));
  }

  /** The database, also if it never attached; whoever gets it checks the epoch. */
  DatabaseShards database(UUID id) {
    DatabaseShards known = databases.get(id);
    if (known == null) {
      throw new DwarfException(
          Kind.STALE_HANDLE,
          "database " + id + " is not attached to this node (it may have restarted): attach again");
    }
    return known;
  }

  /** The database, made known if it was not. */
  synchronized DatabaseShards admit(UUID id) {
    DatabaseShards known = databases.get(id);
    if (known != null) {
      return known;
    }
    if (databases.size() >= MAX_DATABASES) {
      forgetOldest();
    }
    DatabaseShards admitted = new DatabaseShards(id, environment);
    databases.put(id, admitted);
    return admitted;
  }

  /** Frees the memory of every database whose lease has run out, and names them. */
  List<UUID> expire(long leaseNanos) {
    List<UUID> expired = new ArrayList<>();
    for (DatabaseShards database : databases.values()) {
      if (database.expire(environment.clock().nanoTime(), leaseNanos)) {
        expired.add(database.database());
      }
    }
    return expired;
  }

  private void forgetOldest() {
    long now = environment.clock().nanoTime();
    Optional<DatabaseShards> oldest =
        databases.values().stream()
            .filter(database -> !database.isAttached() && database.used() == 0)
            .max(Comparator.comparingLong(database -> now - database.lastSeen()));
    if (oldest.isEmpty()) {
      throw new DwarfException(
          Kind.NO_SPACE,
          "this node serves " + MAX_DATABASES + " databases, the most it can: use another node");
    }
    databases.remove(oldest.get().database());
  }

  private static final class NodeEnvironment implements Environment {

    private final DmPool pool;
    private final Clock clock;
    private final Set<Long> peers;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong generations = new AtomicLong();

    NodeEnvironment(DmPool pool, Clock clock, Set<Long> peers) {
      this.pool = pool;
      this.clock = clock;
      this.peers = peers;
    }

    @Override
    public DmPool pool() {
      return pool;
    }

    @Override
    public Clock clock() {
      return clock;
    }

    @Override
    public ShardHandle newHandle() {
      return new ShardHandle(random.nextLong(), generations.incrementAndGet());
    }

    @Override
    public boolean isOpen(long peer) {
      return peers.contains(peer);
    }
  }
}
