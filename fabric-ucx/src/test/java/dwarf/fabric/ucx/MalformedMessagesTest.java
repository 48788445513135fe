package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openucx.jucx.ucp.UcpConstants;

/** A listener and peers that send it nonsense, while a well-behaved one goes on. */
@Timeout(60)
@ExtendWith(NeedsUcx.class)
class MalformedMessagesTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
  private static final MemorySegment TEN = MemorySegment.ofArray(new byte[10]);

  private final Arena arena = Arena.ofShared();
  private Fabric server;
  private Connection healthy;
  private FabricAddress address;
  private Region region;
  private RemoteKey key;

  @BeforeEach
  void open() {
    FabricOptions options =
        FabricOptions.DEFAULTS
            .withFrames(1 << 16, 1 << 12)
            .withInFlight(100, 1 << 20)
            .withThreads(1, Duration.ZERO);
    server = UcxFabric.open(options, UcxSettings.of("tcp", false));
    address =
        server
            .listen(
                new FabricAddress("ucx", "127.0.0.1", 0),
                (peer, opcode, payload, reply) -> reply.ok(payload))
            .address();
    healthy = server.connect(address);
    region = server.register(arena.allocate(256));
    key = region.grant(64, 64, Access.READ_WRITE);
  }

  @AfterEach
  void close() {
    assertThat(Await.get(healthy.request(1, TEN, SOON)).byteSize()).isEqualTo(10);
    Await.get(healthy.read(key, 0, arena.allocate(64), SOON));
    assertThat(region.memory().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    server.close();
    arena.close();
  }

  /** Sends the message on a fresh connection and expects to be told why that one ends. */
  private void assertThrownOut(
      boolean greeted, MemorySegment head, MemorySegment payload, String reason) {
    long before = server.counters().get(FabricCounter.MALFORMED_FRAMES);
    try (RawUcxPeer peer = new RawUcxPeer(address)) {
      if (greeted) {
        peer.greet();
      }
      RawUcxPeer.Answer answer = peer.send(head, payload).receive(MessageType.ERROR);
      assertThat(answer.head().id()).isZero();
      assertThat(answer.text()).contains(reason);
    }
    assertThat(server.counters().get(FabricCounter.MALFORMED_FRAMES)).isEqualTo(before + 1);
  }

  private static MemorySegment request() {
    return RawUcxPeer.head(MessageType.REQUEST, TEN);
  }

  @Test
  void aHeadThatIsNoneOfOurs() {
    assertThrownOut(true, RawUcxPeer.patched(request(), 0, 'X'), TEN, "magic");
    assertThrownOut(true, MemorySegment.ofArray(new byte[8]), TEN, "head of 8 bytes");
    assertThrownOut(true, MemorySegment.ofArray(new byte[2000]), TEN, "magic");
  }

  @Test
  void anotherVersionIsNamed() {
    assertThrownOut(
        false,
        RawUcxPeer.patched(
            RawUcxPeer.head(MessageType.HELLO, RawUcxPeer.hello()), MessageHead.VERSION_AT, 2),
        RawUcxPeer.hello(),
        "protocol version 2, this side speaks 1");
    MemorySegment future = RawUcxPeer.hello();
    future.set(MessageHead.SHORT, 0, (short) 2);
    future.set(MessageHead.SHORT, 2, (short) 3);
    assertThrownOut(false, RawUcxPeer.head(MessageType.HELLO, future), future, "versions 2 to 3");
  }

  @Test
  void damagedHeadsAndPayloads() {
    MemorySegment damaged = request();
    damaged.set(ValueLayout.JAVA_BYTE, MessageHead.ID_AT, (byte) 99);
    assertThrownOut(true, damaged, TEN, "head checksum");
    MemorySegment other = MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0});
    assertThrownOut(true, request(), other, "payload checksum");
  }

  @Test
  void impossibleTypesAndLengths() {
    assertThrownOut(true, RawUcxPeer.patched(request(), MessageHead.TYPE_AT, 77), TEN, "type 77");
    assertThrownOut(true, RawUcxPeer.head(MessageType.REPLY, TEN), TEN, "REPLY sent");
    assertThrownOut(true, RawUcxPeer.patched(request(), MessageHead.LENGTH_AT, 9), TEN, "length");
    MemorySegment tooLong = MemorySegment.ofArray(new byte[(1 << 16) + 1]);
    assertThrownOut(true, RawUcxPeer.head(MessageType.REQUEST, tooLong), tooLong, "allowed are 0");
    assertThrownOut(true, RawUcxPeer.head(MessageType.PING, TEN), TEN, "PING with a length");
  }

  @Test
  void aRequestBeforeTheGreetingAndASecondGreeting() {
    assertThrownOut(false, request(), TEN, "REQUEST before HELLO");
    MemorySegment hello = RawUcxPeer.hello();
    assertThrownOut(true, RawUcxPeer.head(MessageType.HELLO, hello), hello, "HELLO sent");
  }

  @Test
  void requestsOutOfOrderAreHeldAndImpossiblePlacesRefused() {
    MemorySegment early = RawUcxPeer.patched(request(), MessageHead.ORDER_AT, 1);
    try (RawUcxPeer peer = new RawUcxPeer(address)) {
      peer.greet().send(early, TEN);
      long served = server.counters().get(FabricCounter.REQUESTS_SERVED);
      peer.send(request(), TEN);
      peer.receive(MessageType.REPLY);
      peer.receive(MessageType.REPLY);
      assertThat(server.counters().get(FabricCounter.REQUESTS_SERVED)).isEqualTo(served + 2);
      RawUcxPeer.Answer again = peer.send(request(), TEN).receive(MessageType.ERROR);
      assertThat(again.text()).contains("out of order");
    }
    MemorySegment far = RawUcxPeer.patched(request(), MessageHead.ORDER_AT + 3, 0x10);
    assertThrownOut(true, far, TEN, "out of order");
  }

  private static MemorySegment bundle(MemorySegment... pieces) {
    long bytes = Stream.of(pieces).mapToLong(MemorySegment::byteSize).sum();
    MemorySegment bundle = MemorySegment.ofArray(new byte[(int) bytes]);
    long at = 0;
    for (MemorySegment piece : pieces) {
      bundle.asSlice(at, piece.byteSize()).copyFrom(piece);
      at += piece.byteSize();
    }
    return bundle;
  }

  @Test
  void aBundleIsItsRequestsAndNothingElse() {
    MemorySegment second = RawUcxPeer.patched(request(), MessageHead.ORDER_AT, 1);
    MemorySegment good = bundle(request(), TEN, second, TEN);
    try (RawUcxPeer peer = new RawUcxPeer(address)) {
      peer.greet().send(RawUcxPeer.head(MessageType.BUNDLE, good), good);
      peer.receive(MessageType.REPLY);
      peer.receive(MessageType.REPLY);
    }
    MemorySegment forty = MemorySegment.ofArray(new byte[40]);
    MemorySegment cut = bundle(RawUcxPeer.head(MessageType.REQUEST, forty), forty.asSlice(1));
    assertThrownOut(true, RawUcxPeer.head(MessageType.BUNDLE, cut), cut, "longer than its bundle");
    MemorySegment reply = bundle(RawUcxPeer.head(MessageType.REPLY, TEN), TEN, request(), TEN);
    assertThrownOut(true, RawUcxPeer.head(MessageType.BUNDLE, reply), reply, "in a bundle");
  }

  @Test
  void writesWhosePlaceAndPayloadDifferTouchNothing() {
    RemotePlace place = RemotePlace.of(key, 0, 11);
    MemorySegment ones = MemorySegment.ofArray(new byte[10]).fill((byte) 1);
    assertThrownOut(true, RawUcxPeer.head(MessageType.WRITE, ones, place), ones, "differ");
    MemorySegment huge =
        RawUcxPeer.head(MessageType.READ, NOTHING, RemotePlace.of(key, 0, Integer.MAX_VALUE));
    assertThrownOut(true, huge, NOTHING, "one-sided access of 2147483647 bytes");
  }

  @Test
  void aMessageThatIsOnlyOfferedIsRefused() {
    MemorySegment big = MemorySegment.ofArray(new byte[1 << 16]);
    try (RawUcxPeer peer = new RawUcxPeer(address)) {
      peer.greet()
          .send(RawUcxPeer.head(MessageType.REQUEST, big), big, UcpConstants.UCP_AM_SEND_FLAG_RNDV);
      assertThat(peer.receive(MessageType.ERROR).text()).contains("payload differ");
    }
  }

  @Test
  void aPeerThatStaysAfterItWasToldIsCutOff() {
    try (RawUcxPeer peer = new RawUcxPeer(address)) {
      peer.greet().send(RawUcxPeer.patched(request(), 0, 'X'), TEN).receive(MessageType.ERROR);
      peer.untilEnd();
    }
  }

  @Test
  void aPeerThatNeverGreetsIsTurnedAway() {
    UcxFabric impatient =
        UcxFabric.open(
            FabricOptions.DEFAULTS.withTimeouts(Duration.ofMillis(200), SOON),
            UcxSettings.of("tcp", false));
    try (impatient) {
      FabricAddress there =
          impatient
              .listen(
                  new FabricAddress("ucx", "127.0.0.1", 0),
                  (peer, opcode, payload, reply) -> reply.ok(payload))
              .address();
      try (RawUcxPeer peer = new RawUcxPeer(there)) {
        peer.untilEnd();
      }
      assertThat(impatient.counters().get(FabricCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
    }
  }
}
