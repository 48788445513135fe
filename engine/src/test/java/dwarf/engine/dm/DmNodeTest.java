package dwarf.engine.dm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.Await;
import dwarf.engine.commit.VisibleSequence;
import dwarf.engine.view.Views;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardKey;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a database knows of the room that its memory node has. */
class DmNodeTest {

  private static final long POOL = 1 << 20;
  private static final long SHARD = 64 << 10;

  @TempDir Path root;

  private final Fabric fabric = Fabrics.open(FabricAddress.INPROC);
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private MemoryNode node;
  private SstStore store;
  private Views views;

  @BeforeEach
  void start() {
    FabricAddress address = FabricAddress.inproc("room-" + UUID.randomUUID());
    node = MemoryNode.start(MemoryNodeConfig.of(fabric, address, POOL));
    store = SstStore.open(root, StoreOptions.createIfMissing(RocksOptions.defaults()));
    views = new Views(store.snapshot(), new VisibleSequence());
  }

  @AfterEach
  void stop() {
    background.close();
    views.close();
    store.close();
    node.close();
    fabric.close();
  }

  private DmNode attached(long quota) {
    MemoryNodeClient client = new MemoryNodeClient(fabric, node.address(), ClientOptions.DEFAULTS);
    DmNode dm = new DmNode(client, UUID.randomUUID(), 1, quota, background);
    dm.attach();
    return dm;
  }

  private static RemoteShard allocate(DmNode dm, int shard) {
    return dm.allocate(dm.session(), new ShardKey(0, 1, shard), SHARD);
  }

  @Test
  void roomIsWhatThePoolHasLeft() {
    try (DmNode dm = attached(0)) {
      assertThat(DmRoom.of(dm, views)).isEqualTo(new DmRoom(POOL, POOL));
      allocate(dm, 0);
      assertThat(DmRoom.of(dm, views)).isEqualTo(new DmRoom(POOL - SHARD, POOL));
      dm.setUsable(false);
      assertThat(DmRoom.of(dm, views)).isEqualTo(new DmRoom(0, POOL));
    }
  }

  @Test
  void aQuotaIsAllThereIsButNotAllOfItNeedBeFree() {
    try (DmNode other = attached(0);
        DmNode dm = attached(POOL / 2)) {
      assertThat(DmRoom.of(dm, views)).isEqualTo(new DmRoom(POOL / 2, POOL / 2));
      for (int shard = 0; shard < POOL / SHARD - 1; shard++) {
        allocate(other, shard);
      }
      dm.client().hello();
      assertThat(DmRoom.of(dm, views)).isEqualTo(new DmRoom(SHARD, POOL / 2));
    }
  }

  @Test
  void roomComesWithMemtablesThatAreReleasedAndNotWithAttemptsThatAreGivenUp() {
    try (DmNode dm = attached(0)) {
      AtomicInteger told = new AtomicInteger();
      dm.onRoom(told::incrementAndGet);
      dm.free(dm.session(), List.of(allocate(dm, 0).handle()));
      Await.until("all is free", () -> dm.load().poolUsed() == 0);
      assertThat(dm.timesRoomCame()).isZero();
      dm.release(dm.session(), List.of(allocate(dm, 1).handle()));
      Await.until("somebody is told", () -> told.get() == 1);
      assertThat(dm.timesRoomCame()).isEqualTo(1);
      assertThat(dm.load().poolUsed()).isZero();
    }
  }
}
