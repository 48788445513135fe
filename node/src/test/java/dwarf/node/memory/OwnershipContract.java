package dwarf.node.memory;

import static dwarf.node.memory.NodeHarness.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.node.memory.TestMemtable.Home;
import dwarf.protocol.GetRequest;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardInventory;
import dwarf.protocol.ShardKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may use what memory, and when it comes back, over every transport. */
abstract class OwnershipContract {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final UUID DATABASE = new UUID(1, 2);
  private static final long EPOCH = 5;
  private static final ShardKey KEY = new ShardKey(0, 1, 0);

  private final String scheme;
  private NodeHarness harness;
  private MemoryNodeClient client;

  OwnershipContract(String scheme) {
    this.scheme = scheme;
  }

  @BeforeEach
  void start() {
    harness = new NodeHarness(scheme);
    client = harness.client();
    client.attach(DATABASE, EPOCH, 0);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void shippedShardIsReadableSealedAndFreed() {
    TestMemtable table = table(EPOCH, 1);
    RemoteShard written = table.write(client, 0);
    assertThat(written.isSealed()).isFalse();
    RemoteShard sealed = client.seal(DATABASE, EPOCH, written);
    assertThat(sealed.isSealed()).isTrue();
    assertThat(sealed.writeKey()).isNull();
    assertThat(client.seal(DATABASE, EPOCH, written)).isEqualTo(sealed);
    assertThat(read(sealed)).isEqualTo(table.images.getFirst().toArray(ValueLayout.JAVA_BYTE));
    client.free(DATABASE, EPOCH, List.of(sealed.handle()));
    client.free(DATABASE, EPOCH, List.of(sealed.handle()));
    assertThat(harness.node.poolUsed()).isZero();
    assertKind(Kind.STALE_HANDLE, () -> read(sealed));
    assertKind(Kind.STALE_HANDLE, () -> client.seal(DATABASE, EPOCH, written));
    assertThat(harness.steps)
        .containsSubsequence(
            "memory-node.attached",
            "memory-node.allocated",
            "memory-node.sealed",
            "memory-node.freed");
  }

  @Test
  void writeKeyEndsWithTheSeal() {
    TestMemtable table = table(EPOCH, 1);
    RemoteShard written = table.write(client, 0);
    RemoteShard sealed = client.seal(DATABASE, EPOCH, written);
    MemorySegment garbage = Arena.ofAuto().allocate(64);
    assertKind(Kind.STALE_HANDLE, () -> client.writeAsync(written, 0, garbage).join());
    assertKind(Kind.STALE_HANDLE, () -> client.writeAsync(sealed, 0, garbage).join());
    assertKind(Kind.STALE_HANDLE, () -> client.readAsync(written, 0, garbage).join());
    RemoteShard forged =
        new RemoteShard(sealed.key(), sealed.handle(), null, sealed.readKey(), sealed.bytes());
    assertKind(Kind.INVALID_ARGUMENT, () -> client.writeAsync(forged, 0, garbage).join());
    assertThat(read(sealed)).isEqualTo(table.images.getFirst().toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void damagedImageIsRefusedAndFreed() {
    TestMemtable table = table(EPOCH, 1);
    RemoteShard written = table.write(client, 0);
    byte[] flipped = {(byte) (table.images.getFirst().get(ValueLayout.JAVA_BYTE, 100) ^ 4)};
    client.writeAsync(written, 100, MemorySegment.ofArray(flipped)).join();
    assertKind(Kind.CORRUPTION, () -> client.seal(DATABASE, EPOCH, written));
    assertThat(harness.node.poolUsed()).isZero();
    assertThat(table.ship(client)).isNotEmpty();
  }

  @Test
  void imageOfAnotherShardIsRefused() {
    TestMemtable table = table(EPOCH, 7);
    MemorySegment image = table.images.getFirst();
    RemoteShard misplaced = client.allocate(DATABASE, EPOCH, KEY, image.byteSize());
    client.writeAsync(misplaced, 0, image).join();
    assertKind(Kind.CORRUPTION, () -> client.seal(DATABASE, EPOCH, misplaced));
    UUID other = new UUID(8, 8);
    client.attach(other, EPOCH, 0);
    RemoteShard foreign = client.allocate(other, EPOCH, new ShardKey(0, 7, 0), image.byteSize());
    client.writeAsync(foreign, 0, image).join();
    assertKind(Kind.CORRUPTION, () -> client.seal(other, EPOCH, foreign));
    assertThat(harness.node.poolUsed()).isZero();
  }

  @Test
  void repeatedAllocationReplacesTheUnsealedOneOnly() {
    RemoteShard first = client.allocate(DATABASE, EPOCH, KEY, 5000);
    RemoteShard second = client.allocate(DATABASE, EPOCH, KEY, 5000);
    assertThat(harness.node.poolUsed()).isEqualTo(8192);
    MemorySegment bytes = Arena.ofAuto().allocate(64);
    assertKind(Kind.STALE_HANDLE, () -> client.writeAsync(first, 0, bytes).join());
    client.writeAsync(second, 0, bytes).join();
    table(EPOCH, 1).ship(client);
    assertKind(Kind.INVALID_ARGUMENT, () -> client.allocate(DATABASE, EPOCH, KEY, 5000));
  }

  @Test
  void freedMemoryIsZeroForItsNextUser() {
    for (int bytes : new int[] {4096, 4 << 20}) {
      RemoteShard first = client.allocate(DATABASE, EPOCH, KEY, bytes);
      MemorySegment secret = Arena.ofAuto().allocate(bytes);
      secret.fill((byte) 0x5a);
      client.writeAsync(first, 0, secret).join();
      client.free(DATABASE, EPOCH, List.of(first.handle()));
      UUID other = new UUID(8, 8);
      client.attach(other, EPOCH, 0);
      RemoteShard second = client.allocate(other, EPOCH, KEY, bytes);
      RemoteShard asReadable =
          new RemoteShard(KEY, second.handle(), second.writeKey(), null, bytes);
      assertThat(read(asReadable)).containsOnly(0);
      client.free(other, EPOCH, List.of(second.handle()));
    }
  }

  @Test
  void fullPoolAndFullQuotaAreRefusedAndRecover() {
    RemoteShard most = client.allocate(DATABASE, EPOCH, KEY, NodeHarness.POOL);
    assertKind(Kind.NO_SPACE, () -> client.allocate(DATABASE, EPOCH, new ShardKey(0, 1, 1), 1));
    client.free(DATABASE, EPOCH, List.of(most.handle()));
    client.attach(DATABASE, EPOCH, 3 * 4096);
    RemoteShard within = client.allocate(DATABASE, EPOCH, KEY, 2 * 4096);
    assertKind(Kind.NO_SPACE, () -> client.allocate(DATABASE, EPOCH, new ShardKey(0, 1, 1), 4097));
    client.allocate(DATABASE, EPOCH, new ShardKey(0, 1, 1), 4096);
    client.free(DATABASE, EPOCH, List.of(within.handle()));
    client.allocate(DATABASE, EPOCH, new ShardKey(0, 1, 2), 2 * 4096);
    assertKind(Kind.NO_SPACE, () -> client.allocate(DATABASE, EPOCH, KEY, 0));
    assertKind(Kind.NO_SPACE, () -> client.allocate(DATABASE, EPOCH, KEY, Long.MAX_VALUE));
  }

  @Test
  void newEpochKeepsSealedShardsUnderNewHandlesAndFreesTheRest() {
    TestMemtable table = table(EPOCH, 1);
    List<RemoteShard> old = table.ship(client);
    long sealedBytes = harness.node.poolUsed();
    RemoteShard unsealed = client.allocate(DATABASE, EPOCH, new ShardKey(0, 2, 0), 100_000);
    MemoryNodeClient successor = harness.client();
    List<ShardInventory> found = successor.attach(DATABASE, EPOCH + 1, 0);
    assertThat(found).hasSameSizeAs(old);
    assertThat(harness.node.poolUsed()).isEqualTo(sealedBytes);
    for (ShardInventory shard : found) {
      assertThat(shard.firstSequence()).isEqualTo(1);
      assertThat(shard.lastSequence()).isEqualTo(500);
      assertThat(shard.shardCount()).isEqualTo(old.size());
      assertThat(TestMemtable.handles(old)).doesNotContain(shard.shard().handle());
      int number = shard.shard().key().shard();
      assertThat(read(shard.shard()))
          .isEqualTo(table.images.get(number).toArray(ValueLayout.JAVA_BYTE));
    }
    assertThat(found.stream().mapToLong(ShardInventory::entries).sum()).isEqualTo(500);
    assertKind(Kind.STALE_HANDLE, () -> read(old.getFirst()));
    assertKind(
        Kind.STALE_HANDLE, () -> client.writeAsync(unsealed, 0, Arena.ofAuto().allocate(8)).join());
    assertStaleOwnerIsFenced(old.getFirst().handle());
  }

  private void assertStaleOwnerIsFenced(ShardHandle old) {
    assertKind(Kind.FENCED, () -> client.attach(DATABASE, EPOCH, 0));
    assertKind(Kind.FENCED, () -> client.renew(DATABASE, EPOCH));
    assertKind(Kind.FENCED, () -> client.allocate(DATABASE, EPOCH, KEY, 100));
    assertKind(Kind.FENCED, () -> client.free(DATABASE, EPOCH, List.of(old)));
    GetRequest get = new GetRequest(DATABASE, EPOCH, 9, List.of(old), new byte[0]);
    assertKind(Kind.FENCED, () -> client.getAsync(get).join());
    GetRequest forged = new GetRequest(DATABASE, EPOCH + 1, 9, List.of(old), new byte[0]);
    assertKind(Kind.STALE_HANDLE, () -> client.getAsync(forged).join());
  }

  @Test
  void sameEpochAttachingAgainKeepsEverything() {
    List<RemoteShard> shipped = table(EPOCH, 1).ship(client);
    RemoteShard unsealed = client.allocate(DATABASE, EPOCH, new ShardKey(0, 2, 0), 100);
    List<ShardInventory> found = client.attach(DATABASE, EPOCH, 0);
    assertThat(found)
        .extracting(ShardInventory::shard)
        .containsExactlyInAnyOrderElementsOf(shipped);
    client.writeAsync(unsealed, 0, Arena.ofAuto().allocate(8)).join();
  }

  @Test
  void leaseThatRunsOutGivesTheMemoryBackAndStaysFenced() {
    List<RemoteShard> shipped = table(EPOCH, 1).ship(client);
    harness.clock.advance(NodeHarness.LEASE.minus(Duration.ofSeconds(1)));
    client.renew(DATABASE, EPOCH);
    harness.clock.advance(NodeHarness.LEASE.minus(Duration.ofSeconds(1)));
    assertThat(read(shipped.getFirst())).isNotEmpty();
    client.renew(DATABASE, EPOCH);
    harness.clock.advance(NodeHarness.LEASE.plusSeconds(1));
    Eventually.holds("the pool is empty", () -> harness.node.poolUsed() == 0);
    assertKind(Kind.STALE_HANDLE, () -> client.renew(DATABASE, EPOCH));
    assertKind(Kind.STALE_HANDLE, () -> read(shipped.getFirst()));
    assertKind(Kind.FENCED, () -> client.attach(DATABASE, EPOCH - 1, 0));
    assertThat(client.attach(DATABASE, EPOCH, 0)).isEmpty();
    assertThat(table(EPOCH, 1).ship(client)).isNotEmpty();
  }

  @Test
  void clientThatDiesLosesWhatItHadNotSealedAtOnceAndTheRestWithItsLease() {
    MemoryNodeClient doomed = harness.client();
    table(EPOCH, 1).ship(doomed);
    long sealedBytes = harness.node.poolUsed();
    doomed.allocate(DATABASE, EPOCH, new ShardKey(0, 2, 0), 1 << 20);
    RemoteShard other = client.allocate(DATABASE, EPOCH, new ShardKey(0, 3, 0), 4096);
    doomed.close();
    Eventually.holds(
        "unsealed memory is back", () -> harness.node.poolUsed() == sealedBytes + 4096);
    client.writeAsync(other, 0, Arena.ofAuto().allocate(8)).join();
    harness.clock.advance(NodeHarness.LEASE.plusSeconds(1));
    Eventually.holds("the pool is empty", () -> harness.node.poolUsed() == 0);
  }

  @Test
  void restartedNodeHasAnotherIncarnationAndKnowsNoOldHandle() {
    UUID before = client.hello().incarnation();
    RemoteShard sealed = table(EPOCH, 1).ship(client).getFirst();
    assertThat(client.hello().incarnation()).isEqualTo(before);
    harness.restart();
    assertThat(client.hello().incarnation()).isNotEqualTo(before);
    assertKind(Kind.STALE_HANDLE, () -> read(sealed));
    assertKind(Kind.STALE_HANDLE, () -> client.renew(DATABASE, EPOCH));
    GetRequest get = new GetRequest(DATABASE, EPOCH, 9, List.of(sealed.handle()), new byte[0]);
    assertKind(Kind.STALE_HANDLE, () -> client.getAsync(get).join());
    assertThat(client.attach(DATABASE, EPOCH, 0)).isEmpty();
    assertThat(table(EPOCH, 1).ship(client)).isNotEmpty();
  }

  @Test
  void unreachableNodeIsUnavailableAndUnhealthyUntilItIsBack() {
    harness.node.close();
    assertKind(Kind.UNAVAILABLE, () -> client.renew(DATABASE, EPOCH));
    GetRequest get = new GetRequest(DATABASE, EPOCH, 9, List.of(), new byte[0]);
    assertKind(Kind.UNAVAILABLE, () -> client.getAsync(get).join());
    assertThat(client.isHealthy()).isFalse();
    harness.restart();
    Eventually.holds("the client found the node again", () -> isBack(client));
    assertThat(client.isHealthy()).isTrue();
  }

  private static boolean isBack(MemoryNodeClient client) {
    try {
      return client.hello() != null;
    } catch (DwarfException notYet) {
      return notYet.kind() != Kind.UNAVAILABLE;
    }
  }

  private byte[] read(RemoteShard shard) {
    MemorySegment target = MemorySegment.ofArray(new byte[Math.toIntExact(shard.bytes())]);
    client.readAsync(shard, 0, target).join();
    return target.toArray(ValueLayout.JAVA_BYTE);
  }

  private static TestMemtable table(long epoch, long memtable) {
    return TestMemtable.random(new Home(DATABASE, epoch, 0, memtable), new Random(SEED), 1, 500);
  }
}
