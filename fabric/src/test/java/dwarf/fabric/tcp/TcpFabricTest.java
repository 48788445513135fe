package dwarf.fabric.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpFabricTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final FabricOptions OPTIONS =
      FabricOptions.DEFAULTS
          .withThreads(1, Duration.ZERO)
          .withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(5));
  private static final ServerHandler ECHO = (peer, opcode, payload, reply) -> reply.ok(payload);
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  @Test
  void onlyLoopbackIsListenedOnUnlessInsecure() {
    FabricAddress everywhere = FabricAddress.tcp("0.0.0.0", 0);
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS)) {
      assertThatThrownBy(() -> fabric.listen(everywhere, ECHO))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT))
          .hasMessageContaining("insecure");
    }
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS.withInsecure(true))) {
      assertThat(fabric.listen(everywhere, ECHO).address().port()).isPositive();
    }
  }

  @Test
  void unknownHostsAndForeignSchemesAreRefused() {
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS)) {
      assertThatThrownBy(() -> fabric.connect(FabricAddress.tcp("no.such.host.invalid", 1)))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
      assertThatThrownBy(() -> fabric.connect(FabricAddress.inproc("x")))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
      assertThatThrownBy(() -> Fabrics.open("pigeon")).hasMessageContaining("[inproc, shm, tcp]");
    }
  }

  @Test
  void aServerThatNeverGreetsIsUnavailable() throws IOException {
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS);
        ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      FabricAddress address = FabricAddress.tcp("127.0.0.1", silent.getLocalPort());
      assertThatThrownBy(() -> fabric.connect(address))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }
  }

  @Test
  void aClientThatNeverGreetsIsTurnedAway() throws IOException {
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS)) {
      FabricAddress address = fabric.listen(FabricAddress.tcp("127.0.0.1", 0), ECHO).address();
      try (RawPeer peer = RawPeer.connect(address)) {
        assertThat(peer.untilEnd()).isEmpty();
      }
      assertThat(fabric.counters().get(FabricCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
    }
  }

  @Test
  void aServerOfAnotherVersionIsNamedAsSuch() throws Exception {
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS.withTimeouts(SOON, SOON));
        ServerSocket future = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (RawPeer peer = RawPeer.of(future.accept())) {
                  peer.send(Wire.patched(Wire.welcome(), FrameHeader.VERSION_AT, 2)).untilEnd();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      FabricAddress address = FabricAddress.tcp("127.0.0.1", future.getLocalPort());
      assertThatThrownBy(() -> fabric.connect(address))
          .hasMessageContaining("protocol version 2, this side speaks 1");
    }
  }

  @Test
  void blockingCallsAreRefusedOnFabricThreads() throws InterruptedException {
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS)) {
      BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
      FabricAddress address =
          fabric
              .listen(
                  FabricAddress.tcp("127.0.0.1", 0),
                  (peer, opcode, payload, reply) -> replies.add(reply))
              .address();
      Connection connection = fabric.connect(address);
      CompletableFuture<Connection> onLoop =
          connection.request(1, NOTHING, SOON).thenApply(reply -> fabric.connect(address));
      replies.take().ok(NOTHING);
      Await.until("the callback has run", onLoop::isDone);
      assertThat(onLoop.exceptionNow())
          .hasMessageContaining("must not be called on a fabric thread");
    }
  }

  @Test
  void operationsMayBeChainedOnFabricThreads() {
    try (Fabric fabric = Fabrics.open("tcp", OPTIONS)) {
      FabricAddress address = fabric.listen(FabricAddress.tcp("127.0.0.1", 0), ECHO).address();
      Connection connection = fabric.connect(address);
      CompletableFuture<MemorySegment> chain = connection.request(1, NOTHING, SOON);
      for (int i = 0; i < 100; i++) {
        chain = chain.thenCompose(reply -> connection.request(1, reply, SOON));
      }
      assertThat(Await.get(chain).byteSize()).isZero();
    }
  }
}
