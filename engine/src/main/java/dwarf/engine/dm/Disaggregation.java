package dwarf.engine.dm;

import dwarf.base.DwarfException;
import dwarf.engine.log.WriteLog;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.Views;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.memtable.ShardPolicy;
import dwarf.memtable.SlabPool;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.EmbeddedCluster;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.NodeLoad;
import dwarf.protocol.ShardInventory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything one database has to do with its memory node, put together: the connection (to an
 * external node, or to one started inside this process), offload, lease, rebuild.
 */
public final class Disaggregation implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Disaggregation.class);
  private static final Duration LEASE_INTERVAL = Duration.ofSeconds(2);
  private static final int EMBEDDED_SLOTS = 1;

  /** When less than this part is free. */
  private static final double SHORT_OF_MEMORY = 0.2;

  private final AutoCloseable transport;
  private final ExecutorService background;
  private final DmNode node;
  private final Duration grace;
  private Views views;
  private Offloader offloader;
  private Shipper shipper;
  private Rebuilder rebuilder;
  private DmMonitor monitor;

  /**
   * Which memory node and how it is used.
   *
   * @param address null for one inside this process
   * @param poolBytes its pool if inside, otherwise the quota to ask for (0: none)
   */
  public record Config(String address, Path storageRoot, long poolBytes, Duration grace) {}

  /** The memory that offload and rebuild work on. */
  public record LocalMemory(
      SlabPool pool, SlabPool rebuildPool, long writeBufferSize, ShardPolicy shards) {}

  public Disaggregation(Config config, UUID database, long epoch) {
    background =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("dwarf-dm-background").daemon().factory());
    grace = config.grace();
    Transport chosen = config.address() == null ? embedded(config) : external(config.address());
    transport = chosen.resource();
    MemoryNodeClient client =
        new MemoryNodeClient(chosen.fabric(), chosen.address(), ClientOptions.DEFAULTS);
    long quota = config.address() == null ? 0 : config.poolBytes();
    node = new DmNode(client, database, epoch, quota, background);
  }

  /** The way to the memory node, and what to close in the end. */
  private record Transport(Fabric fabric, FabricAddress address, AutoCloseable resource) {}

  private static Transport embedded(Config config) {
    EmbeddedCluster.Running running =
        EmbeddedCluster.load().start(config.storageRoot(), config.poolBytes(), EMBEDDED_SLOTS);
    return new Transport(running.fabric(), running.memoryNode(), running);
  }

  private static Transport external(String text) {
    FabricAddress address = FabricAddress.parse(text);
    Fabric fabric = Fabrics.open(address.scheme());
    return new Transport(fabric, address, fabric);
  }

  public DmNode node() {
    return node;
  }

  public ExecutorService background() {
    return background;
  }

  /** Builds offload, rebuild and lease upon the views; {@link #start} sets them going. */
  public void assemble(Views views, LocalMemory memory, WriteLog log, Signals signals) {
    this.views = views;
    node.onRoom(signals.progress()::signal);
    shipper = new Shipper(node, views, memory.shards(), log::syncThrough, signals);
    offloader =
        new Offloader(views, memory.pool(), memory.writeBufferSize(), node, shipper, signals);
    rebuilder = new Rebuilder(views, log, memory.rebuildPool(), memory.writeBufferSize(), signals);
    monitor =
        new DmMonitor(node, views, rebuilder, signals, new DmMonitor.Timing(LEASE_INTERVAL, grace));
  }

  /** Attaches and takes over what continues the flushed data; nothing if the node is away. */
  public Map<Integer, List<DmSource>> attach(Map<Integer, Long> flushedThrough) {
    List<ShardInventory> inventory;
    try {
      inventory = node.attach();
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.UNAVAILABLE) {
        throw e;
      }
      LOG.warn("opening without disaggregated memory for now: {}", e.getMessage());
      return Map.of();
    }
    return new Attacher(node).attach(inventory, flushedThrough);
  }

  public void start() {
    offloader.start();
    rebuilder.start();
    monitor.start();
  }

  /** Whether a frozen memtable cannot count on finding room there. */
  public boolean isRefusing() {
    return !node.isUsable() || offloader.isRefused();
  }

  /** Whether a frozen memtable leaves for there soon, so that nobody need flush it from here. */
  public boolean isTaking() {
    return offloader.isTaking();
  }

  /** How many bytes the memtable being written may hold by now. */
  public long fillLimit() {
    return offloader.fillLimit();
  }

  /** Whether it is nearly full or a rebuild waits, so that flushing should make room. */
  public boolean isShort() {
    MemoryRoom room = roomAtLastAnswer();
    return room.free() < SHORT_OF_MEMORY * room.capacity() || rebuilder.isWaiting();
  }

  /** What it takes of this database's memtables; nothing while the node is away. */
  public MemoryRoom room() {
    MemoryRoom room = roomAtLastAnswer();
    return node.isUsable() ? room : new MemoryRoom(0, room.capacity());
  }

  private MemoryRoom roomAtLastAnswer() {
    NodeLoad load = node.load();
    MemoryRoom pool = MemoryRoom.of(load.poolBytes(), load.poolUsed());
    return MemoryRoom.within(pool, node.quotaBytes(), views.dmBytes());
  }

  public long sendBytes() {
    return shipper.sendBytes();
  }

  /** Stops offload, rebuild and lease; reads and frees still work until {@link #close}. */
  public void stop() {
    if (offloader != null) {
      monitor.close();
      rebuilder.close();
      offloader.close();
    }
  }

  @Override
  public void close() {
    background.close();
    node.close();
    closeOne(transport);
  }

  private static void closeOne(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, "closing disaggregated memory failed", e);
    }
  }
}
