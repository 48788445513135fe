package dwarf.engine.dm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.Await;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardKey;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a database learns of room at its memory node. */
class DmNodeTest {

  private static final long POOL = 1 << 20;
  private static final long SHARD = 64 << 10;

  private final Fabric fabric = Fabrics.open(FabricAddress.INPROC);
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private MemoryNode node;

  @BeforeEach
  void start() {
    FabricAddress address = FabricAddress.inproc("room-" + UUID.randomUUID());
    node = MemoryNode.start(MemoryNodeConfig.of(fabric, address, POOL));
  }

  @AfterEach
  void stop() {
    background.close();
    node.close();
    fabric.close();
  }

  private DmNode attached() {
    MemoryNodeClient client = new MemoryNodeClient(fabric, node.address(), ClientOptions.DEFAULTS);
    DmNode dm = new DmNode(client, UUID.randomUUID(), 1, 0, background);
    dm.attach();
    return dm;
  }

  private static RemoteShard allocate(DmNode dm, int shard) {
    return dm.allocate(dm.session(), new ShardKey(0, 1, shard), SHARD);
  }

  @Test
  void roomComesWithMemtablesThatAreReleasedAndNotWithAttemptsThatAreGivenUp() {
    try (DmNode dm = attached()) {
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
