package dwarf.fabric.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.faults.ByteProxy;
import dwarf.fabric.faults.ByteProxy.Direction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two fabrics with a bad network between them. */
@Timeout(60)
class BadNetworkTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int SIZE = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private Fabric server;
  private Fabric client;
  private FabricAddress address;
  private ByteProxy network;
  private Connection connection;
  private RemoteKey key;
  private Region region;

  @BeforeEach
  void open() {
    FabricOptions options =
        FabricOptions.DEFAULTS
            .withTimeouts(Duration.ofSeconds(2), Duration.ofMillis(800))
            .withThreads(1, Duration.ZERO);
    server = Fabrics.open("tcp", options);
    client = Fabrics.open("tcp", options);
    address =
        server
            .listen(
                FabricAddress.tcp("127.0.0.1", 0),
                (peer, opcode, payload, reply) -> {
                  if (opcode == 1) {
                    reply.ok(payload);
                  }
                })
            .address();
    network = ByteProxy.to(address);
    connection = client.connect(network.address());
    region = server.register(arena.allocate(SIZE).fill((byte) 3));
    key = region.grant(0, SIZE, Access.READ_WRITE);
  }

  @AfterEach
  void close() {
    network.close();
    client.close();
    server.close();
    arena.close();
  }

  private static MemorySegment bytes(int size) {
    return MemorySegment.ofArray(new byte[size]);
  }

  private static void assertUnavailable(CompletableFuture<?> future) {
    assertThat(Await.failureOf(future).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  private void assertReconnects() {
    Connection again = client.connect(network.address());
    assertThat(Await.get(again.request(1, bytes(5), SOON)).byteSize()).isEqualTo(5);
  }

  @Test
  void heartbeatsKeepASilentConnectionOpen() {
    long pings = 8 * FrameHeader.BYTES;
    long toServer = network.passed(Direction.TO_SERVER);
    long toClient = network.passed(Direction.TO_CLIENT);
    Await.until(
        "both sides have sent several heartbeats",
        () ->
            network.passed(Direction.TO_SERVER) >= toServer + pings
                && network.passed(Direction.TO_CLIENT) >= toClient + pings);
    assertThat(connection.isOpen()).isTrue();
    Await.get(connection.request(1, bytes(1), SOON));
    assertThat(client.counters().get(FabricCounter.IDLE_CLOSED)).isZero();
  }

  @Test
  void halfOpenConnectionsEndOnBothSides() {
    CompletableFuture<MemorySegment> open = connection.request(2, bytes(1), Duration.ofHours(1));
    network.swallow(Direction.TO_CLIENT, true);
    network.swallow(Direction.TO_SERVER, true);
    assertUnavailable(open);
    Await.until("the client sees the end", () -> !connection.isOpen());
    Await.until(
        "the server sees it too",
        () -> server.counters().get(FabricCounter.CONNECTIONS_CLOSED) == 1);
    assertThat(
            client.counters().get(FabricCounter.IDLE_CLOSED)
                + server.counters().get(FabricCounter.IDLE_CLOSED))
        .isPositive();
  }

  @Test
  void oneDeafDirectionIsEnough() {
    network.swallow(Direction.TO_SERVER, true);
    Await.until("the client is told", () -> !connection.isOpen());
    assertThat(server.counters().get(FabricCounter.IDLE_CLOSED)).isEqualTo(1);
  }

  @Test
  void aRequestLostOnTheWayFailsAtItsDeadlineAndLeavesTheConnection() {
    assertUnavailable(connection.request(2, bytes(1), Duration.ofMillis(30)));
    assertThat(connection.isOpen()).isTrue();
    Await.get(connection.request(1, bytes(1), SOON));
  }

  // A network of its own for each damaged connection: what an earlier one has left in the pipe
  // would take the flip.

  @Test
  void flippedBitsInAWriteAreNeverAcknowledged() {
    MemorySegment source = arena.allocate(SIZE).fill((byte) 4);
    for (int skip : new int[] {3, 40, 70, 100_000, SIZE / 2}) {
      try (ByteProxy own = ByteProxy.to(address)) {
        Connection doomed = client.connect(own.address());
        long before = server.counters().get(FabricCounter.MALFORMED_FRAMES);
        own.flip(Direction.TO_SERVER, skip, 2);
        assertUnavailable(doomed.write(key, 0, source, SOON));
        assertThat(server.counters().get(FabricCounter.MALFORMED_FRAMES)).isEqualTo(before + 1);
        Await.until("the client is told", () -> !doomed.isOpen());
      }
    }
    assertReconnects();
  }

  @Test
  void flippedBitsInAReadNeverReachTheCaller() {
    MemorySegment target = arena.allocate(SIZE);
    for (int skip : new int[] {3, 20, 70, 100_000, SIZE / 2}) {
      try (ByteProxy own = ByteProxy.to(address)) {
        Connection doomed = client.connect(own.address());
        own.flip(Direction.TO_CLIENT, skip, 5);
        assertUnavailable(doomed.read(key, 0, target, SOON));
        Await.until("the connection has ended", () -> !doomed.isOpen());
      }
    }
    assertThat(client.counters().get(FabricCounter.MALFORMED_FRAMES)).isEqualTo(5);
    assertReconnects();
  }

  @Test
  void cutsInTheMiddleOfTransfersAreUnavailable() {
    MemorySegment local = arena.allocate(SIZE);
    network.cutAfter(Direction.TO_SERVER, SIZE / 2);
    assertUnavailable(connection.write(key, 0, local, SOON));
    try (ByteProxy own = ByteProxy.to(address)) {
      Connection second = client.connect(own.address());
      own.cutAfter(Direction.TO_CLIENT, SIZE / 2);
      assertUnavailable(second.read(key, 0, local, SOON));
    }
    assertReconnects();
  }

  @Test
  void aSlowNetworkIsSlowAndNothingElse() {
    network.slow(Direction.TO_SERVER, 4 << 20);
    MemorySegment source = arena.allocate(SIZE).fill((byte) 9);
    CompletableFuture<Void> write = connection.write(key, 0, source, SOON);
    Await.get(connection.request(1, bytes(10), SOON));
    Await.get(write);
    assertThat(region.memory().mismatch(source)).isEqualTo(-1);
  }

  @Test
  void aWriteThatNobodyTakesEndsAtItsDeadlineAndLetsGoOfItsSource() {
    Fabric patient = Fabrics.open("tcp", FabricOptions.DEFAULTS.withThreads(1, Duration.ZERO));
    Region big = server.register(arena.allocate(32 << 20));
    RemoteKey bigKey = big.grant(0, 32 << 20, Access.READ_WRITE);
    Connection stuck = patient.connect(network.address());
    network.stall(Direction.TO_SERVER, true);
    try (Arena local = Arena.ofShared()) {
      MemorySegment source = local.allocate(32 << 20);
      assertUnavailable(stuck.write(bigKey, 0, source, Duration.ofMillis(100)));
    }
    network.stall(Direction.TO_SERVER, false);
    patient.close();
  }

  @Test
  void connectingToNobodyOrToSilenceIsUnavailable() {
    network.refuse(true);
    assertThatThrownBy(() -> client.connect(network.address()))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining(network.address().toString());
    network.refuse(false);
    network.swallow(Direction.TO_SERVER, true);
    assertThatThrownBy(() -> client.connect(network.address()))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }
}
