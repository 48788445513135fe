package dwarf.engine.dm;

import dwarf.base.DwarfException;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.MemtableId;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.ShardIndex;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardInventory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At open: decides which sealed memtables still in disaggregated memory are taken over.
 *
 * <p>A1. A memtable is taken only if all its shards are there, their indexes load and carry the
 * identity the inventory claims, and it continues the chain: its first sequence follows what is
 * flushed or the memtable taken before it. A2. Everything else is freed; the WAL has it.
 */
public final class Attacher {

  private static final Logger LOG = LoggerFactory.getLogger(Attacher.class);

  private final DmNode node;

  public Attacher(DmNode node) {
    this.node = node;
  }

  /**
   * The memtables of each family that continue what is flushed, oldest first.
   *
   * @param flushedThrough for every existing family
   */
  public Map<Integer, List<DmSource>> attach(
      List<ShardInventory> inventory, Map<Integer, Long> flushedThrough) {
    Map<Integer, List<DmSource>> taken = new HashMap<>();
    List<ShardHandle> unused = new ArrayList<>();
    byMemtable(inventory)
        .forEach(
            (memtable, shards) -> {
              int family = shards.getFirst().shard().key().family();
              DmSource source = null;
              if (continues(flushedThrough, taken, family, shards)) {
                source = load(shards);
              }
              if (source == null) {
                shards.forEach(shard -> unused.add(shard.shard().handle()));
              } else {
                taken.computeIfAbsent(family, absent -> new ArrayList<>()).add(source);
              }
            });
    node.free(node.session(), unused);
    return taken;
  }

  /** Shards grouped by memtable, in memtable order: numbers grow with time. */
  private static Map<Long, List<ShardInventory>> byMemtable(List<ShardInventory> inventory) {
    Map<Long, List<ShardInventory>> grouped = new TreeMap<>();
    for (ShardInventory shard : inventory) {
      grouped.computeIfAbsent(shard.shard().key().memtable(), n -> new ArrayList<>()).add(shard);
    }
    grouped
        .values()
        .forEach(list -> list.sort(Comparator.comparingInt(shard -> shard.shard().key().shard())));
    return grouped;
  }

  private static boolean continues(
      Map<Integer, Long> flushedThrough,
      Map<Integer, List<DmSource>> taken,
      int family,
      List<ShardInventory> shards) {
    if (!flushedThrough.containsKey(family) || shards.size() != shards.getFirst().shardCount()) {
      return false;
    }
    List<DmSource> before = taken.getOrDefault(family, List.of());
    long through = before.isEmpty() ? flushedThrough.get(family) : before.getLast().lastSequence();
    return shards.getFirst().firstSequence() == through + 1;
  }

  private DmSource load(List<ShardInventory> inventory) {
    try {
      List<DmShard> shards = new ArrayList<>();
      for (ShardInventory entry : inventory) {
        ShardIndex index =
            ShardIndex.load(node.blocks(entry.shard(), nanos -> {}), entry.shard().bytes());
        checkIdentity(entry, index.identity());
        shards.add(new DmShard(entry.shard(), index));
      }
      ShardInventory first = inventory.getFirst();
      MemtableId id =
          new MemtableId(
              first.shard().key().family(), first.shard().key().memtable(), first.firstSequence());
      DmNode.Session session = node.session();
      return new DmSource(
          new DmSource.SealedRange(id, first.lastSequence(), false),
          shards,
          handles -> node.release(session, handles));
    } catch (DwarfException e) {
      LOG.warn(
          "memtable {} in disaggregated memory is not taken over, the WAL has it: {}",
          inventory.getFirst().shard().key().memtable(),
          e.getMessage());
      return null;
    }
  }

  private void checkIdentity(ShardInventory entry, ImageIdentity identity) {
    boolean same =
        identity.database().equals(node.database())
            && identity.family() == entry.shard().key().family()
            && identity.memtableId() == entry.shard().key().memtable()
            && identity.firstSequence() == entry.firstSequence()
            && identity.lastSequence() == entry.lastSequence();
    if (!same) {
      throw DwarfException.corruption("the image is not what the inventory says: " + identity);
    }
  }
}
