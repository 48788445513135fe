package dwarf.fabric.tcp;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener and peers that send it nonsense, while a well-behaved one goes on. */
@Timeout(60)
class MalformedFramesTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Arena arena = Arena.ofShared();
  private Fabric server;
  private Fabric client;
  private FabricAddress address;
  private Connection healthy;
  private Region region;
  private RemoteKey key;

  @BeforeEach
  void open() {
    FabricOptions options =
        FabricOptions.DEFAULTS
            .withFrames(1 << 16, 1 << 12)
            .withInFlight(100, 1 << 20)
            .withThreads(1, Duration.ZERO);
    server = Fabrics.open("tcp", options.withTimeouts(SOON, Duration.ofMillis(500)));
    client = Fabrics.open("tcp", options);
    address =
        server
            .listen(
                FabricAddress.tcp("127.0.0.1", 0),
                (peer, opcode, payload, reply) ->
                    reply.ok(opcode == 9 ? MemorySegment.ofArray(new byte[1 << 16]) : payload))
            .address();
    healthy = client.connect(address);
    region = server.register(arena.allocate(256));
    key = region.grant(64, 64, Access.READ_WRITE);
  }

  @AfterEach
  void close() {
    MemorySegment one = MemorySegment.ofArray(new byte[] {1});
    assertThat(Await.get(healthy.request(1, one, SOON)).byteSize()).isEqualTo(1);
    Await.get(healthy.read(key, 0, arena.allocate(64), SOON));
    client.close();
    server.close();
    arena.close();
  }

  private long malformed() {
    return server.counters().get(FabricCounter.MALFORMED_FRAMES);
  }

  /** Sends the bytes on a fresh connection and expects to be thrown out for them. */
  private void assertThrownOut(boolean greet, byte[] bytes) throws IOException {
    long before = malformed();
    try (RawPeer peer = RawPeer.connect(address)) {
      if (greet) {
        peer.send(Wire.hello()).receive(FrameHeader.BYTES + Hello.BYTES);
      }
      peer.send(bytes).untilEnd();
    }
    assertThat(malformed()).isEqualTo(before + 1);
  }

  private byte[] write(AccessDescriptor access, byte[] data) {
    ByteBuf payload = Unpooled.wrappedBuffer(data);
    return Wire.bytes(Frames.writeHead(Wire.MEMORY, 1, access, payload), payload);
  }

  @Test
  void everyBitFlipInARequestEndsTheConnection() throws IOException {
    byte[] good = Wire.request(1, 1, "payload".getBytes(StandardCharsets.US_ASCII));
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrownOut(true, bad);
    }
  }

  @Test
  void randomBytesEndTheConnection() throws IOException {
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    System.out.println("-Ddwarf.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[FrameHeader.BYTES + random.nextInt(200)];
      random.nextBytes(garbage);
      assertThrownOut(random.nextBoolean(), garbage);
    }
  }

  @Test
  void framesOutOfPlaceEndTheConnection() throws IOException {
    byte[] request = Wire.request(1, 1, new byte[1]);
    assertThrownOut(false, request);
    assertThrownOut(false, Wire.welcome());
    assertThrownOut(true, Wire.hello());
    assertThrownOut(true, Wire.bytes(Frames.empty(Wire.MEMORY, FrameType.REPLY, 1)));
    assertThrownOut(true, Wire.header(FrameType.REQUEST, (1 << 16) + 1));
    assertThrownOut(true, Wire.header(FrameType.REQUEST, -1));
  }

  @Test
  void theReasonIsSentBack() throws IOException {
    byte[] otherVersion = Wire.patched(Wire.hello(), FrameHeader.VERSION_AT, 2);
    try (RawPeer peer = RawPeer.connect(address)) {
      String answer = new String(peer.send(otherVersion).untilEnd(), StandardCharsets.ISO_8859_1);
      assertThat(answer).contains("protocol version 2, this side speaks 1");
    }
  }

  @Test
  void aDamagedAddressOfAWriteLandsNothing() throws IOException {
    byte[] good = write(AccessDescriptor.of(key, 8, 16), new byte[16]);
    region.memory().fill((byte) 5);
    for (int at = FrameHeader.BYTES; at < FrameHeader.BYTES + AccessDescriptor.BYTES; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertThrownOut(true, bad);
    }
    assertThat(region.memory().toArray(ValueLayout.JAVA_BYTE)).containsOnly(5);
  }

  @Test
  void damagedDataOfAWriteSpoilsNothingElse() throws IOException {
    byte[] bad = write(AccessDescriptor.of(key, 8, 16), new byte[16]);
    bad[bad.length - 1] ^= 1;
    region.memory().fill((byte) 5);
    assertThrownOut(true, bad);
    assertThat(region.memory().asSlice(0, 72).toArray(ValueLayout.JAVA_BYTE)).containsOnly(5);
    assertThat(region.memory().asSlice(88).toArray(ValueLayout.JAVA_BYTE)).containsOnly(5);
  }

  @Test
  void aWriteMustHaveTheLengthItsAddressSays() throws IOException {
    assertThrownOut(true, write(AccessDescriptor.of(key, 8, 16), new byte[17]));
    assertThrownOut(true, write(AccessDescriptor.of(key, 8, 16), new byte[15]));
    assertThrownOut(true, write(AccessDescriptor.of(key, 8, -1), new byte[15]));
    AccessDescriptor huge = AccessDescriptor.of(key, 0, (1 << 16) + 1);
    assertThrownOut(true, Wire.bytes(Frames.read(Wire.MEMORY, 1, huge)));
  }

  @Test
  void aFrameThatStopsInTheMiddleEndsWithTheIdleTimeout() throws IOException {
    byte[] frame = Wire.request(1, 1, new byte[1000]);
    try (RawPeer peer = RawPeer.connect(address)) {
      peer.send(Wire.hello());
      peer.send(java.util.Arrays.copyOf(frame, 500)).untilEnd();
    }
    assertThat(malformed()).isZero();
    assertThat(server.counters().get(FabricCounter.IDLE_CLOSED)).isEqualTo(1);
  }

  @Test
  void aPeerThatNeverTakesItsRepliesIsNotServedOn() throws IOException {
    int sent = 2000;
    try (RawPeer peer = RawPeer.connect(address)) {
      peer.send(Wire.hello());
      for (int i = 1; i <= sent; i++) {
        peer.send(Wire.request(9, i, new byte[0]));
      }
      Await.until(
          "the server gives the peer up",
          () -> server.counters().get(FabricCounter.IDLE_CLOSED) == 1);
    }
    assertThat(server.counters().get(FabricCounter.REQUESTS_SERVED)).isLessThan(sent / 2);
  }
}
