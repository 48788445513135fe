package dwarf.fabric.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.memory.SharedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that writes nonsense loses its connection, is told why, and harms nobody else. */
@Timeout(30)
class MalformedRingsTest {

  private static final int LEAST_FRAME = 64 << 10;
  private static final FabricOptions OPTIONS =
      FabricOptions.DEFAULTS
          .withFrames(LEAST_FRAME, 4096)
          .withThreads(1, Duration.ZERO)
          .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(10));

  private final Fabric server = Fabrics.open("shm", OPTIONS);
  private final FabricAddress address =
      server
          .listen(
              FabricAddress.shm("malformed-" + UUID.randomUUID()),
              (peer, opcode, payload, reply) -> reply.ok(payload))
          .address();

  @AfterEach
  void othersAreStillServed() {
    try (Fabric client = Fabrics.open("shm", OPTIONS);
        Connection connection = client.connect(address)) {
      MemorySegment hi = MemorySegment.ofArray(new byte[] {1, 2});
      assertThat(Await.get(connection.request(1, hi, Duration.ofSeconds(10))).mismatch(hi))
          .isEqualTo(-1);
    }
    server.close();
  }

  /** What is done to a ring after one good record was put into it, and before it is published. */
  @FunctionalInterface
  private interface Damage {

    /** Returns the position to publish, given the right one. */
    long to(Ring ring, long end);
  }

  private void refused(RecordHeader header, Damage damage, String reason) throws IOException {
    try (RawRings peer = new RawRings(address).greet()) {
      assertThat(peer.out.hasRoom(header.length())).isTrue();
      Ring ring = peer.rings.toServer();
      header.encode(ring.data(), 0, new RecordHeader.Checksum());
      ring.tail(damage.to(ring, RecordHeader.recordBytes(header.length())));
      assertThat(peer.knock().farewell()).contains(reason);
    }
    assertThat(server.counters().get(FabricCounter.MALFORMED_FRAMES)).isEqualTo(1);
    assertThat(server.counters().get(FabricCounter.REQUESTS_SERVED)).isZero();
  }

  private static RecordHeader request(int length) {
    return new RecordHeader(RecordType.REQUEST, 0, 1, 1, length, length);
  }

  private static Damage patch(int at, int value) {
    return (ring, end) -> {
      ring.data().set(ValueLayout.JAVA_BYTE, at, (byte) value);
      return end;
    };
  }

  private static Damage published(long position) {
    return (ring, end) -> position;
  }

  private static final Damage NONE = (ring, end) -> end;

  @Test
  void damagedHeader() throws IOException {
    refused(request(8), patch(9, 1), "checksum");
  }

  @Test
  void damagedPayload() throws IOException {
    refused(request(8), patch(RecordHeader.BYTES + 3, 1), "checksum");
  }

  @Test
  void damagedChecksum() throws IOException {
    refused(request(8), patch(RecordHeader.CRC_AT, 0x5a), "checksum");
  }

  @Test
  void lengthBeyondWhatIsThere() throws IOException {
    refused(request(8), patch(0, 16), "length of 16 bytes where 32 are");
  }

  @Test
  void lengthBelowZero() throws IOException {
    refused(request(8), patch(3, 0x80), "length of 2147483656");
  }

  @Test
  void unknownType() throws IOException {
    refused(request(8), patch(4, 99), "unknown type 99");
  }

  @Test
  void unknownFlags() throws IOException {
    refused(request(8), patch(5, 0x40), "unknown flags");
  }

  @Test
  void positionFarAhead() throws IOException {
    refused(request(8), published(RawRings.CAPACITY + 8L), "published up to");
  }

  @Test
  void positionBehind() throws IOException {
    refused(request(8), published(-8), "published up to");
  }

  @Test
  void positionBetweenRecords() throws IOException {
    refused(request(8), published(33), "published up to");
  }

  @Test
  void positionInsideTheRecord() throws IOException {
    refused(request(8), published(16), "length of 8 bytes where 16 are");
  }

  @Test
  void messageOverTheLimit() throws IOException {
    int most = LEAST_FRAME;
    refused(
        new RecordHeader(RecordType.REQUEST, RecordHeader.MORE, 1, 1, 8, most + 1),
        NONE,
        "the largest message is");
  }

  @Test
  void lastPartThatLeavesTheMessageShort() throws IOException {
    refused(new RecordHeader(RecordType.REQUEST, 0, 1, 1, 8, 16), NONE, "does not continue");
  }

  @Test
  void answerSentToTheServer() throws IOException {
    refused(new RecordHeader(RecordType.REPLY, 0, 0, 1, 8, 8), NONE, "REPLY sent to the accepting");
  }

  @Test
  void writeWithoutAddress() throws IOException {
    refused(new RecordHeader(RecordType.WRITE, 0, 0, 1, 8, 8), NONE, "has no address");
  }

  @Test
  void consumedPositionAheadOfWhatWasSent() throws IOException {
    try (RawRings peer = new RawRings(address).greet()) {
      peer.rings.toClient().head(1 << 20);
      for (int i = 0; i < 5; i++) {
        int length = RingLayout.mostPayload(RawRings.CAPACITY);
        assertThat(peer.out.hasRoom(length)).isTrue();
        peer.out.publish(request(length));
        peer.knock();
        long sent = peer.out.position();
        if (i < 4) {
          Await.until("it was taken", () -> peer.rings.toServer().head() == sent);
        }
      }
      assertThat(peer.farewell()).contains("consumed up to 1048576");
    }
  }

  @Test
  void unknownSignal() throws IOException {
    try (RawRings peer = new RawRings(address).greet()) {
      assertThat(peer.send(ByteBuffer.wrap(new byte[] {77})).farewell()).contains("signal 77");
    }
  }

  @Test
  void helloWithAnotherFile() throws IOException {
    try (RawRings peer = new RawRings(address)) {
      Greeting good = peer.hello();
      SharedFile.Location is = good.file();
      SharedFile.Location claimed =
          new SharedFile.Location(is.pid(), is.fd(), is.bytes(), is.tokenLow() + 1, is.tokenHigh());
      Greeting hello =
          new Greeting(Greeting.HELLO, good.maxFrameBytes(), good.idleMillis(), claimed);
      assertThat(peer.send(hello.encode()).farewell()).contains("another file");
    }
    assertThat(server.counters().get(FabricCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
  }

  @Test
  void helloWithRingsOfNoPowerOfTwo() throws IOException {
    try (RawRings peer = new RawRings(address)) {
      Greeting good = peer.hello();
      SharedFile.Location is = good.file();
      SharedFile.Location claimed =
          new SharedFile.Location(
              is.pid(), is.fd(), is.bytes() + 8192, is.tokenLow(), is.tokenHigh());
      Greeting hello =
          new Greeting(Greeting.HELLO, good.maxFrameBytes(), good.idleMillis(), claimed);
      assertThat(peer.send(hello.encode()).farewell()).contains("no capacity");
    }
  }

  @Test
  void helloOfAnotherVersion() throws IOException {
    try (RawRings peer = new RawRings(address)) {
      ByteBuffer hello = peer.hello().encode();
      hello.put(Greeting.VERSION_AT, (byte) 9);
      assertThat(peer.send(hello).farewell()).contains("protocol version 9, this side speaks 1");
    }
    assertThat(server.counters().get(FabricCounter.MALFORMED_FRAMES)).isEqualTo(1);
  }
}
