package dwarf.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages and life cycle, as every transport has to do them; {@link OneSidedContract} has the
 * rest. A transport passes by a subclass that says how it is opened and where it listens.
 */
@Timeout(30)
public abstract class FabricContract {

  protected static final Duration SOON = Duration.ofSeconds(10);
  protected static final Duration SHORT = Duration.ofMillis(50);
  protected static final int FRAME = 64 << 10;
  protected static final int CHUNK = 4 << 10;

  protected final Arena arena = Arena.ofShared();
  private final List<Fabric> opened = new ArrayList<>();
  protected Fabric server;
  protected Fabric client;

  /** Opens the transport under test. */
  protected abstract Fabric open(FabricOptions options);

  /** An address that is free to listen on. */
  protected abstract FabricAddress freeAddress();

  protected FabricOptions options() {
    return FabricOptions.DEFAULTS
        .withFrames(FRAME, CHUNK)
        .withInFlight(64, 1 << 20)
        .withThreads(2, Duration.ZERO);
  }

  protected final Fabric opened(FabricOptions options) {
    Fabric fabric = open(options);
    opened.add(fabric);
    return fabric;
  }

  @BeforeEach
  void openBothSides() {
    server = opened(options());
    client = opened(options());
  }

  @AfterEach
  void closeAll() {
    opened.reversed().forEach(Fabric::close);
    arena.close();
    Await.until("fabric threads have ended", () -> fabricThreads().isEmpty());
  }

  protected final Connection connect(ServerHandler handler) {
    return client.connect(server.listen(freeAddress(), handler).address());
  }

  protected static MemorySegment text(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
  }

  protected static String string(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  protected static void assertFails(CompletableFuture<?> future, Kind kind) {
    assertThat(Await.failureOf(future).kind()).isEqualTo(kind);
  }

  static List<String> fabricThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("dwarf-fabric"))
        .toList();
  }

  private static final ServerHandler ECHO = (peer, opcode, payload, reply) -> reply.ok(payload);

  @Test
  void requestsOfEverySizeAreAnswered() {
    Connection connection = connect(ECHO);
    for (int size : new int[] {0, 1, 31, 32, 33, 1000, FRAME - 1, FRAME}) {
      byte[] sent = new byte[size];
      for (int i = 0; i < size; i++) {
        sent[i] = (byte) (i * 31);
      }
      MemorySegment reply = Await.get(connection.request(7, MemorySegment.ofArray(sent), SOON));
      assertThat(reply.isNative()).isFalse();
      assertThat(reply.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(sent);
    }
  }

  @Test
  void payloadMayBeConfinedAndIsCopiedBeforeReturn() {
    Connection connection = connect(ECHO);
    CompletableFuture<MemorySegment> reply;
    try (Arena confined = Arena.ofConfined()) {
      reply = connection.request(1, confined.allocateFrom("gone"), SOON);
    }
    assertThat(Await.get(reply).getString(0)).isEqualTo("gone");
  }

  @Test
  void handlerSeesOpcodeAndPeer() {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Connection connection =
        connect(
            (peer, opcode, payload, reply) -> {
              seen.add(opcode + " " + string(payload) + " " + peer.description().isEmpty());
              reply.ok(MemorySegment.ofArray(new byte[0]));
            });
    Await.get(connection.request(65_535, text("x"), SOON));
    assertThat(seen).containsExactly("65535 x false");
    assertFails(connection.request(65_536, text("x"), SOON), Kind.INVALID_ARGUMENT);
    assertFails(connection.request(-1, text("x"), SOON), Kind.INVALID_ARGUMENT);
  }

  @Test
  void errorsKeepKindAndMessage() {
    Connection connection =
        connect(
            (peer, opcode, payload, reply) -> {
              switch (opcode) {
                case 1 -> reply.fail(new DwarfException(Kind.NO_SPACE, "pool full: caf\u00e9"));
                case 2 -> throw new DwarfException(Kind.FENCED, "epoch 3 is over");
                default -> throw new IllegalStateException("a bug");
              }
            });
    assertThat(Await.failureOf(connection.request(1, text(""), SOON)))
        .hasMessage("pool full: caf\u00e9")
        .extracting(DwarfException::kind)
        .isEqualTo(Kind.NO_SPACE);
    assertThat(Await.failureOf(connection.request(2, text(""), SOON)))
        .hasMessage("epoch 3 is over")
        .extracting(DwarfException::kind)
        .isEqualTo(Kind.FENCED);
    assertThat(Await.failureOf(connection.request(3, text(""), SOON)))
        .hasMessageContaining("a bug")
        .extracting(DwarfException::kind)
        .isEqualTo(Kind.INTERNAL);
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void repliesMayComeLaterOutOfOrderAndFromOtherThreads() throws Exception {
    BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    Connection connection = connect((peer, opcode, payload, reply) -> replies.add(reply));
    CompletableFuture<MemorySegment> first = connection.request(1, text(""), SOON);
    Reply toFirst = replies.take();
    CompletableFuture<MemorySegment> second = connection.request(2, text(""), SOON);
    Reply toSecond = replies.take();
    Thread.ofVirtual().start(() -> toSecond.ok(text("second"))).join();
    assertThat(string(Await.get(second))).isEqualTo("second");
    assertThat(first).isNotDone();
    Thread.ofPlatform().start(() -> toFirst.ok(text("first"))).join();
    assertThat(string(Await.get(first))).isEqualTo("first");
  }

  @Test
  void aRequestHasOneAnswer() throws Exception {
    BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    Connection connection = connect((peer, opcode, payload, reply) -> replies.add(reply));
    CompletableFuture<MemorySegment> future = connection.request(1, text(""), SOON);
    Reply reply = replies.take();
    assertThatThrownBy(() -> reply.ok(MemorySegment.ofArray(new byte[FRAME + 1])))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
    reply.ok(text("one"));
    assertThatThrownBy(() -> reply.ok(text("two")))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERNAL));
    assertThat(string(Await.get(future))).isEqualTo("one");
  }

  @Test
  void silenceBecomesUnavailableAtTheDeadlineAndLateRepliesAreDropped() throws Exception {
    BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    Connection connection =
        connect(
            (peer, opcode, payload, reply) -> {
              if (opcode == 1) {
                replies.add(reply);
              } else {
                reply.ok(payload);
              }
            });
    assertFails(connection.request(1, text(""), SHORT), Kind.UNAVAILABLE);
    assertThat(client.counters().get(FabricCounter.TIMEOUTS)).isEqualTo(1);
    replies.take().ok(text("late"));
    Await.until(
        "the late reply is dropped", () -> client.counters().get(FabricCounter.LATE_REPLIES) == 1);
    assertThat(string(Await.get(connection.request(2, text("on"), SOON)))).isEqualTo("on");
    assertFails(connection.request(2, text(""), Duration.ZERO), Kind.INVALID_ARGUMENT);
  }

  @Test
  void oneConnectionsRequestsArriveInOrderBetweenOpenAndClose() {
    List<String> events = java.util.Collections.synchronizedList(new ArrayList<>());
    Connection connection =
        connect(
            new ServerHandler() {
              @Override
              public void onOpen(Peer peer) {
                events.add("open " + peer.id());
              }

              @Override
              public void onRequest(Peer peer, int opcode, MemorySegment payload, Reply reply) {
                events.add(opcode + " " + peer.id());
                reply.ok(payload);
              }

              @Override
              public void onClose(Peer peer) {
                events.add("close " + peer.id());
              }
            });
    List<CompletableFuture<MemorySegment>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(connection.request(i, text(""), SOON));
    }
    all.forEach(Await::get);
    connection.close();
    Await.until("close is told", () -> events.size() == 52);
    String peer = events.getFirst().substring("open ".length());
    List<String> expected = new ArrayList<>(List.of("open " + peer));
    for (int i = 0; i < 50; i++) {
      expected.add(i + " " + peer);
    }
    expected.add("close " + peer);
    assertThat(events).isEqualTo(expected);
  }

  @Test
  void closingFailsWhatIsUnderWayAndWhatComesLater() {
    Connection connection = connect((peer, opcode, payload, reply) -> {});
    AtomicInteger told = new AtomicInteger();
    connection.onClose(told::incrementAndGet);
    CompletableFuture<MemorySegment> open = connection.request(1, text(""), SOON);
    connection.close();
    connection.close();
    assertFails(open, Kind.UNAVAILABLE);
    assertThat(connection.isOpen()).isFalse();
    assertFails(connection.request(1, text(""), SOON), Kind.UNAVAILABLE);
    connection.onClose(told::incrementAndGet);
    Await.until("both callbacks ran", () -> told.get() == 2);
  }

  @Test
  void closingTheListenerEndsItsConnectionsAndFreesItsAddress() {
    Listener listener = server.listen(freeAddress(), (peer, opcode, payload, reply) -> {});
    Connection connection = client.connect(listener.address());
    CompletableFuture<MemorySegment> open = connection.request(1, text(""), SOON);
    listener.close();
    assertFails(open, Kind.UNAVAILABLE);
    Await.until("the end is seen", () -> !connection.isOpen());
    assertThatThrownBy(() -> client.connect(listener.address()))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining(listener.address().toString());
    Listener again = server.listen(listener.address(), ECHO);
    Connection anew = client.connect(again.address());
    assertThat(anew.remote()).isEqualTo(again.address());
    assertThat(string(Await.get(anew.request(1, text("hi"), SOON)))).isEqualTo("hi");
  }

  @Test
  void anAddressHasOneListener() {
    Listener listener = server.listen(freeAddress(), ECHO);
    assertThatThrownBy(() -> client.listen(listener.address(), ECHO))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
  }

  @Test
  void callersWaitAtTheBoundThenGetBusy() throws Exception {
    Fabric narrow = opened(options().withInFlight(2, 1 << 20));
    BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    Listener listener =
        server.listen(freeAddress(), (peer, opcode, payload, reply) -> replies.add(reply));
    Connection connection = narrow.connect(listener.address());
    CompletableFuture<MemorySegment> first = connection.request(1, text(""), SOON);
    CompletableFuture<MemorySegment> second = connection.request(2, text(""), SOON);
    assertFails(connection.request(3, text(""), SHORT), Kind.BUSY);
    CompletableFuture<CompletableFuture<MemorySegment>> waiting = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual().start(() -> waiting.complete(connection.request(4, text(""), SOON)));
    replies.take().ok(text("1"));
    Await.get(first);
    caller.join();
    replies.take().ok(text("2"));
    replies.take().ok(text("4"));
    assertThat(string(Await.get(Await.get(waiting)))).isEqualTo("4");
    assertThat(string(Await.get(second))).isEqualTo("2");
    assertThat(narrow.counters().get(FabricCounter.BUSY_REFUSALS)).isEqualTo(1);
  }

  @Test
  void bytesInFlightAreBoundedToo() throws Exception {
    Fabric narrow = opened(options().withInFlight(64, FRAME));
    BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    Listener listener =
        server.listen(freeAddress(), (peer, opcode, payload, reply) -> replies.add(reply));
    Connection connection = narrow.connect(listener.address());
    MemorySegment big = MemorySegment.ofArray(new byte[FRAME / 2 + 1]);
    CompletableFuture<MemorySegment> first = connection.request(1, big, SOON);
    assertFails(connection.request(2, big, SHORT), Kind.BUSY);
    CompletableFuture<MemorySegment> small = connection.request(3, text("x"), SOON);
    replies.take().ok(text(""));
    replies.take().ok(text(""));
    Await.get(first);
    Await.get(small);
  }

  @Test
  void anInterruptEndsTheWaitForRoomAndStaysSet() throws Exception {
    Fabric narrow = opened(options().withInFlight(1, 1 << 20));
    CountDownLatch arrived = new CountDownLatch(1);
    Listener listener =
        server.listen(freeAddress(), (peer, opcode, payload, reply) -> arrived.countDown());
    Connection connection = narrow.connect(listener.address());
    CompletableFuture<MemorySegment> open = connection.request(1, text(""), SOON);
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  assertFails(connection.request(2, text(""), SOON), Kind.BUSY);
                  flag.complete(Thread.interrupted());
                });
    assertThat(Await.get(flag)).isTrue();
    caller.join();
    assertThat(open).isNotDone();
  }

  @Test
  void theServerBoundsWhatItHasNotAnswered() throws Exception {
    Fabric narrow = opened(options().withInFlight(2, 1 << 20));
    BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    Listener listener =
        narrow.listen(freeAddress(), (peer, opcode, payload, reply) -> replies.add(reply));
    Connection connection = client.connect(listener.address());
    CompletableFuture<MemorySegment> first = connection.request(1, text(""), SOON);
    CompletableFuture<MemorySegment> second = connection.request(2, text(""), SOON);
    assertFails(connection.request(3, text(""), SOON), Kind.BUSY);
    replies.take().ok(text(""));
    replies.take().ok(text(""));
    Await.get(first);
    Await.get(second);
  }

  @Test
  void oversizeRequestsAreRefusedAndTheConnectionLives() {
    Connection connection = connect(ECHO);
    assertFails(
        connection.request(1, MemorySegment.ofArray(new byte[FRAME + 1]), SOON),
        Kind.INVALID_ARGUMENT);
    assertThat(string(Await.get(connection.request(1, text("on"), SOON)))).isEqualTo("on");
  }

  @Test
  void connectionsPerListenerAreBounded() {
    Fabric small = opened(options().withMaxConnections(2));
    Listener listener = small.listen(freeAddress(), ECHO);
    Connection first = client.connect(listener.address());
    Connection second = client.connect(listener.address());
    assertThatThrownBy(() -> client.connect(listener.address()))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("2 connections");
    assertThat(small.counters().get(FabricCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
    assertThat(string(Await.get(first.request(1, text("a"), SOON)))).isEqualTo("a");
    second.close();
    Await.until(
        "room again",
        () -> {
          try (Connection third = client.connect(listener.address())) {
            return third.isOpen();
          } catch (DwarfException stillFull) {
            return false;
          }
        });
  }

  @Test
  void manyVirtualThreadsShareAConnection() {
    Connection connection = connect(ECHO);
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (int t = 0; t < 200; t++) {
      String name = "thread " + t;
      CompletableFuture<Void> result = new CompletableFuture<>();
      done.add(result);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  for (int i = 0; i < 20; i++) {
                    String message = name + " message " + i;
                    MemorySegment reply = Await.get(connection.request(i, text(message), SOON));
                    assertThat(string(reply)).isEqualTo(message);
                  }
                  result.complete(null);
                } catch (Throwable e) {
                  result.completeExceptionally(e);
                }
              });
    }
    done.forEach(Await::get);
    assertThat(server.counters().get(FabricCounter.REQUESTS_SERVED)).isEqualTo(4000);
  }

  @Test
  void aClosedFabricRefusesEverything() {
    FabricAddress address = server.listen(freeAddress(), ECHO).address();
    Connection connection = client.connect(address);
    client.close();
    client.close();
    assertFails(connection.request(1, text(""), SOON), Kind.UNAVAILABLE);
    assertClosed(() -> client.connect(address));
    assertClosed(() -> client.listen(address, ECHO));
    assertClosed(() -> client.register(arena.allocate(8)));
  }

  private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
  }
}
