package dwarf.node.memory;

import static dwarf.node.memory.NodeHarness.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Listener;
import dwarf.fabric.Peer;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import dwarf.node.memory.TestMemtable.Home;
import dwarf.protocol.GetReply;
import dwarf.protocol.GetRequest;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What needs a hold inside the node: pins, and memory that goes bad. */
class DatabaseShardsTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final UUID DATABASE = new UUID(1, 2);
  private static final long EPOCH = 5;
  private static final long PEER = 1;

  private final ManualClock clock = new ManualClock();
  private Fabric fabric;
  private Listener listener;
  private Connection connection;
  private DmPool pool;
  private ShardRegistry registry;
  private DatabaseShards shards;

  @BeforeEach
  void start() {
    fabric = Fabrics.open("inproc");
    listener = fabric.listen(FabricAddress.inproc("shards-" + UUID.randomUUID()), new NoRequests());
    connection = fabric.connect(listener.address());
    pool = new DmPool(fabric, 8 << 20, 1 << 20);
    registry = new ShardRegistry(pool, clock);
    registry.openPeer(PEER);
    shards = registry.admit(DATABASE);
    shards.attach(EPOCH, Long.MAX_VALUE);
  }

  @AfterEach
  void stop() {
    connection.close();
    listener.close();
    pool.close();
    fabric.close();
  }

  @Test
  void pinnedMemoryOutlivesItsFree() {
    ShardHandle handle = ship(1).handle();
    PinnedShards pinned = shards.pin(EPOCH, List.of(handle));
    shards.free(EPOCH, List.of(handle));
    assertThat(pool.used()).isPositive();
    assertThat(shards.used()).isEqualTo(pool.used());
    MemorySegment image = pinned.shards().getFirst().image();
    assertThat(image.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isNotZero();
    assertKind(Kind.STALE_HANDLE, () -> shards.pin(EPOCH, List.of(handle)));
    pinned.close();
    assertThat(pool.used()).isZero();
    assertThat(shards.used()).isZero();
    assertThat(image.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isZero();
  }

  @Test
  void refusedPinLeavesNothingPinned() {
    ShardHandle good = ship(1).handle();
    ShardHandle gone = ship(2).handle();
    shards.free(EPOCH, List.of(gone));
    assertKind(Kind.STALE_HANDLE, () -> shards.pin(EPOCH, List.of(good, gone)));
    shards.free(EPOCH, List.of(good));
    assertThat(pool.used()).isZero();
  }

  @Test
  void flippedBitInMemoryIsNeverAnAnswer() {
    TestMemtable table = table(1);
    RemoteShard sealed = ship(table, 0);
    Random random = new Random(SEED);
    DelegatedReads reads = new DelegatedReads(clock, Duration.ofSeconds(1));
    PinnedShards pinned = shards.pin(EPOCH, List.of(sealed.handle()));
    MemorySegment image = pinned.shards().getFirst().image();
    int found = 0;
    for (int round = 0; round < 300; round++) {
      long at = random.nextLong(image.byteSize());
      byte before = image.get(ValueLayout.JAVA_BYTE, at);
      image.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ (1 << random.nextInt(8))));
      byte[] key = table.versions.get(random.nextInt(table.versions.size())).key();
      found += readsRightOrNotAtAll(reads, table, sealed.handle(), key) ? 1 : 0;
      image.set(ValueLayout.JAVA_BYTE, at, before);
    }
    assertThat(found).isPositive();
    pinned.close();
  }

  private boolean readsRightOrNotAtAll(
      DelegatedReads reads, TestMemtable table, ShardHandle handle, byte[] key) {
    GetRequest request = new GetRequest(DATABASE, EPOCH, 1000, List.of(handle), key);
    boolean[] answered = {false};
    try {
      reads.get(
          shards,
          request,
          message -> {
            GetReply reply = (GetReply) message;
            TestMemtable.Version expected = table.newest(key, 1000);
            assertThat(reply.sequence()).as("seed %d", SEED).isEqualTo(expected.sequence());
            assertThat(reply.value().bytes().toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(expected.value());
            answered[0] = true;
          });
    } catch (DwarfException damaged) {
      assertThat(damaged.kind()).isEqualTo(Kind.CORRUPTION);
    }
    return answered[0];
  }

  @Test
  void allocationOfAClientThatHasGoneMeanwhileIsUndone() {
    registry.closePeer(PEER);
    assertKind(Kind.UNAVAILABLE, () -> shards.allocate(EPOCH, PEER, new ShardKey(0, 1, 0), 10_000));
    assertThat(pool.used()).isZero();
  }

  @Test
  void forgottenDatabasesMakeRoomForNewOnesButAttachedOnesStay() {
    for (int i = 1; i < ShardRegistry.MAX_DATABASES; i++) {
      registry.admit(new UUID(9, i)).attach(1, 1 << 20);
    }
    assertKind(Kind.NO_SPACE, () -> registry.admit(new UUID(10, 1)));
    clock.advance(Duration.ofMinutes(5));
    shards.require(EPOCH);
    assertThat(registry.expire(Duration.ofMinutes(1).toNanos()))
        .hasSize(ShardRegistry.MAX_DATABASES - 1);
    registry.admit(new UUID(10, 1)).attach(1, 1 << 20);
    assertThat(registry.database(DATABASE)).isSameAs(shards);
  }

  /** Peers only write here. */
  private static final class NoRequests implements ServerHandler {
    @Override
    public void onRequest(Peer peer, int opcode, MemorySegment payload, Reply reply) {
      throw DwarfException.invalid("no requests here");
    }
  }

  private RemoteShard ship(long memtable) {
    return ship(table(memtable), 0);
  }

  private RemoteShard ship(TestMemtable table, int shard) {
    MemorySegment image = table.images.get(shard);
    ShardKey key = new ShardKey(0, table.home.memtable(), shard);
    RemoteShard remote = shards.allocate(EPOCH, PEER, key, image.byteSize());
    connection.write(remote.writeKey(), 0, image, Duration.ofSeconds(10)).join();
    return shards.seal(EPOCH, remote.handle()).join();
  }

  private static TestMemtable table(long memtable) {
    Home home = new Home(DATABASE, EPOCH, 0, memtable);
    TestMemtable random = TestMemtable.random(home, new Random(SEED), 1, 300);
    return TestMemtable.of(home, random.versions, 1);
  }
}
