package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Listener;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The way that transfers take by the network card, driven on UCX's software stand-in for one. All
 * but the card itself is as it would be: so these tests say nothing about what a card refuses. Nor
 * do they cut a connection in the middle of an operation, for there the stand-in ends the process.
 */
@Timeout(60)
@ExtendWith(NeedsUcx.class)
class VerbsPathTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int CHUNK = 4 << 10;
  private static final FabricOptions OPTIONS =
      FabricOptions.DEFAULTS.withFrames(64 << 10, CHUNK).withThreads(1, Duration.ZERO);

  private final Arena arena = Arena.ofShared();
  private UcxFabric server;
  private UcxFabric client;
  private Listener listener;
  private UcxConnection connection;
  private Region region;
  private RemoteKey key;

  @BeforeEach
  void open() {
    server = UcxFabric.open(OPTIONS, new UcxSettings("tcp", true));
    client = UcxFabric.open(OPTIONS, new UcxSettings("tcp", true));
    listener =
        server.listen(
            new FabricAddress("ucx", "127.0.0.1", 0),
            (peer, opcode, payload, reply) -> reply.ok(payload));
    connection = (UcxConnection) client.connect(listener.address());
    region = server.register(arena.allocate(1 << 20));
    key = region.grant(8, (1 << 20) - 8, Access.READ_WRITE);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    arena.close();
  }

  /** From now on the key's transfers go by the card. */
  private void untilByCard(RemoteKey used) {
    MemorySegment here = arena.allocate(8);
    Await.until(
        "a transfer went by the card",
        () -> {
          long before = connection.transfersByVerbs();
          Await.get(connection.read(used, 0, here, SOON));
          return connection.transfersByVerbs() > before;
        });
  }

  private static MemorySegment random(MemorySegment memory) {
    byte[] bytes = new byte[(int) memory.byteSize()];
    new Random(42).nextBytes(bytes);
    return memory.copyFrom(MemorySegment.ofArray(bytes));
  }

  @Test
  void transfersOfEverySizeToAndFromHeapAndNativeMemory() {
    untilByCard(key);
    long byMessages = server.counters().get(FabricCounter.ONE_SIDED_BYTES_WRITTEN);
    for (int size : new int[] {1, 33, CHUNK - 1, CHUNK, CHUNK + 1, 20 * CHUNK + 7, 1 << 19}) {
      MemorySegment here = random(arena.allocate(size));
      MemorySegment heap = MemorySegment.ofArray(new byte[size]);
      Await.get(connection.write(key, 16, here, SOON));
      assertThat(region.memory().asSlice(24, size).mismatch(here)).isEqualTo(-1);
      Await.get(connection.read(key, 16, heap, SOON));
      assertThat(heap.mismatch(here)).isEqualTo(-1);
      here.fill((byte) 0);
      Await.get(connection.write(key, 5, heap, SOON));
      Await.get(connection.read(key, 5, here, SOON));
      assertThat(here.mismatch(heap)).isEqualTo(-1);
    }
    assertThat(server.counters().get(FabricCounter.ONE_SIDED_BYTES_WRITTEN)).isEqualTo(byMessages);
  }

  @Test
  void theCardIsNotAskedForWhatTheKeyDoesNotAllow() {
    RemoteKey readOnly = region.grant(0, 100, Access.READ);
    untilByCard(readOnly);
    MemorySegment ones = arena.allocate(10).fill((byte) 1);
    assertThat(Await.failureOf(connection.write(readOnly, 0, ones, SOON)).kind())
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(Await.failureOf(connection.read(readOnly, 91, ones, SOON)).kind())
        .isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(region.memory().get(ValueLayout.JAVA_BYTE, 0)).isZero();
  }

  @Test
  void aRevokedKeyIsStaleOnceThePeerHasBeenTold() {
    untilByCard(key);
    RemoteKey kept = region.grant(0, 100, Access.READ);
    untilByCard(kept);
    region.revoke(key);
    MemorySegment here = arena.allocate(8);
    // A request behind the notice: its answer means that the notice has arrived.
    Await.get(connection.request(1, here, SOON));
    assertThat(Await.failureOf(connection.read(key, 0, here, SOON)).kind())
        .isEqualTo(Kind.STALE_HANDLE);
    assertThat(Await.failureOf(connection.write(key, 0, here, SOON)).kind())
        .isEqualTo(Kind.STALE_HANDLE);
    untilByCard(kept);
  }

  @Test
  void aLaneThatIsLostIsOpenedAgainAndMeanwhileMessagesDo() {
    MemorySegment here = random(arena.allocate(1 << 19));
    for (int round = 0; round < 3; round++) {
      untilByCard(key);
      connection.endLane();
      long byCard = connection.transfersByVerbs();
      Await.get(connection.write(key, 0, here, SOON));
      assertThat(region.memory().asSlice(8, 1 << 19).mismatch(here)).isEqualTo(-1);
      assertThat(connection.transfersByVerbs()).isEqualTo(byCard);
      region.memory().fill((byte) 0);
    }
    untilByCard(key);
  }

  @Test
  void lanesAreNoPeersOfTheHandlerAndEndWithTheirConnection() {
    untilByCard(key);
    connection.close();
    Await.until(
        "both connections have ended at the server",
        () -> server.counters().get(FabricCounter.CONNECTIONS_CLOSED) == 2);
  }

  @Test
  void withoutACardThatChecksKeysVerbsAreRefused() {
    assertThatThrownBy(() -> UcxFabric.open(OPTIONS, UcxSettings.of("", true)))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SUPPORTED))
        .hasMessageContaining("rc");
    assertThatThrownBy(() -> UcxSettings.of("tcp", true))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
  }
}
