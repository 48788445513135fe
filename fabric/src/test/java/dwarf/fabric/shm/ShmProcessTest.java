package dwarf.fabric.shm;

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
import dwarf.fabric.Peer;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes, killed and stopped in the middle of traffic. */
@Timeout(60)
class ShmProcessTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ServerHandler ECHO = (peer, opcode, payload, reply) -> reply.ok(payload);

  private final FabricAddress address = FabricAddress.shm("process-" + UUID.randomUUID());
  private final Arena arena = Arena.ofAuto();

  private static RemoteKey key(ShmProcess server) throws IOException {
    return new RemoteKey(HexFormat.of().parseHex(server.line()));
  }

  private static long mappingsOf(String name) {
    try (var lines = Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains(name)).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKilledServerEndsEverythingSoonAndItsMemoryIsFree() throws Exception {
    try (ShmProcess server = ShmProcess.start("server", address.toString());
        Fabric fabric = Fabrics.open("shm")) {
      RemoteKey readable = key(server);
      RemoteKey writable = key(server);
      Connection connection = fabric.connect(address);
      List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
      AtomicLong done = new AtomicLong();
      MemorySegment ones = arena.allocate(ShmProcess.HALF).fill((byte) 1);
      MemorySegment there = arena.allocate(ShmProcess.HALF);
      MemorySegment source = arena.allocate(ShmProcess.HALF).fill((byte) 9);
      MemorySegment message = MemorySegment.ofArray(new byte[100]);
      List<Thread> users =
          List.of(
              until(
                  () -> connection.read(readable, 0, there, SOON),
                  () -> assertThat(there.mismatch(ones)).isEqualTo(-1),
                  done,
                  wrong),
              until(() -> connection.write(writable, 0, source, SOON), () -> {}, done, wrong),
              until(() -> connection.request(1, message, SOON), () -> {}, done, wrong));
      Await.until("traffic flows", () -> done.get() > 100);
      assertThat(mappingsOf("/pool-")).isPositive();
      server.kill();
      for (Thread user : users) {
        user.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(fabric.counters().get(FabricCounter.TIMEOUTS)).as("ended by a deadline").isZero();
      assertThat(fabric.counters().get(FabricCounter.IDLE_CLOSED)).as("by silence").isZero();
      Await.until("the end is seen", () -> !connection.isOpen());
      Await.until("its memory is unmapped", () -> mappingsOf("/pool-") == 0);
      Await.until("the rings are unmapped", () -> mappingsOf("dwarf-ring") == 0);
    }
  }

  /** Repeats an operation until it fails with UNAVAILABLE. */
  private static Thread until(
      Supplier<CompletableFuture<?>> operation,
      Runnable check,
      AtomicLong done,
      List<Throwable> wrong) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                while (true) {
                  Await.get(operation.get());
                  check.run();
                  done.incrementAndGet();
                }
              } catch (DwarfException ended) {
                if (ended.kind() != Kind.UNAVAILABLE) {
                  wrong.add(ended);
                }
              } catch (Throwable e) {
                wrong.add(e);
              }
            });
  }

  @Test
  void aKilledClientIsNoticedAndOthersAreServed() throws Exception {
    try (Fabric fabric = Fabrics.open("shm");
        Region region = fabric.allocate(ShmProcess.HALF)) {
      region.commit(0, ShmProcess.HALF);
      RemoteKey writable = region.grant(0, ShmProcess.HALF, Access.READ_WRITE);
      CountDownLatch closed = new CountDownLatch(1);
      fabric.listen(address, closing(closed));
      String hex = HexFormat.of().formatHex(writable.bytes());
      try (ShmProcess client = ShmProcess.start("client", address.toString(), hex)) {
        assertThat(client.line()).isEqualTo("busy");
        client.kill();
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(fabric.counters().get(FabricCounter.IDLE_CLOSED)).as("by silence").isZero();
      }
      Await.until("the rings are unmapped", () -> mappingsOf("dwarf-ring") == 0);
      region.revoke(writable);
      region.memory().fill((byte) 4);
      try (Fabric other = Fabrics.open("shm");
          Connection connection = other.connect(address)) {
        MemorySegment hi = MemorySegment.ofArray(new byte[] {1});
        assertThat(Await.get(connection.request(1, hi, SOON)).byteSize()).isEqualTo(1);
      }
      assertThat(region.memory().mismatch(arena.allocate(ShmProcess.HALF).fill((byte) 4)))
          .isEqualTo(-1);
    }
  }

  private static ServerHandler closing(CountDownLatch closed) {
    return new ServerHandler() {
      @Override
      public void onRequest(Peer peer, int opcode, MemorySegment payload, Reply reply) {
        reply.ok(payload);
      }

      @Override
      public void onClose(Peer peer) {
        closed.countDown();
      }
    };
  }

  @Test
  void aRevokedKeyIsStaleInAnotherProcessAtOnce() throws Exception {
    try (ShmProcess server = ShmProcess.start("server", address.toString());
        Fabric fabric = Fabrics.open("shm")) {
      RemoteKey readable = key(server);
      RemoteKey writable = key(server);
      Connection connection = fabric.connect(address);
      MemorySegment there = arena.allocate(4096);
      for (int i = 0; i < 3; i++) {
        Await.get(connection.read(readable, 4096, there, SOON));
        assertThat(there.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
      }
      assertThat(fabric.counters().get(FabricCounter.MAPPED_BYTES_READ)).isEqualTo(2 * 4096);
      server.tell("revoke");
      assertThat(server.line()).isEqualTo("revoked");
      assertThat(Await.failureOf(connection.read(readable, 4096, there, SOON)).kind())
          .isEqualTo(Kind.STALE_HANDLE);
      assertThat(Await.failureOf(connection.read(readable, 4096, there, SOON)).kind())
          .isEqualTo(Kind.STALE_HANDLE);
      Await.get(connection.read(writable, 0, there, SOON));
      assertThat(there.toArray(ValueLayout.JAVA_BYTE)).containsOnly(2);
    }
  }

  @Test
  void aStoppedServerIsGivenUpAfterTheIdleTimeout() throws Exception {
    FabricOptions impatient =
        FabricOptions.DEFAULTS.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1));
    try (ShmProcess server = ShmProcess.start("server", address.toString());
        Fabric fabric = Fabrics.open("shm", impatient)) {
      RemoteKey unusedReadable = key(server);
      RemoteKey unusedWritable = key(server);
      assertThat(unusedReadable).isNotEqualTo(unusedWritable);
      Connection connection = fabric.connect(address);
      MemorySegment hi = MemorySegment.ofArray(new byte[] {1});
      Await.get(connection.request(1, hi, SOON));
      server.signal("STOP");
      DwarfException failure = Await.failureOf(connection.request(1, hi, SOON));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("nothing heard from the peer");
      assertThat(fabric.counters().get(FabricCounter.IDLE_CLOSED)).isEqualTo(1);
      assertThatThrownBy(() -> fabric.connect(address)).hasMessageContaining("connect time-out");
    }
  }

  @Test
  void theNameOfADeadListenerIsFreeAndOfALivingOneIsNot() throws Exception {
    try (Fabric fabric = Fabrics.open("shm")) {
      try (ShmProcess server = ShmProcess.start("server", address.toString())) {
        assertThat(key(server)).isNotEqualTo(key(server));
        assertThatThrownBy(() -> fabric.listen(address, ECHO))
            .isInstanceOfSatisfying(
                DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT))
            .hasMessageContaining("in use");
        server.kill();
      }
      assertThatThrownBy(() -> fabric.connect(address)).hasMessageContaining("nobody listens");
      fabric.listen(address, ECHO);
      Connection connection = fabric.connect(address);
      MemorySegment hi = MemorySegment.ofArray(new byte[] {1});
      assertThat(Await.get(connection.request(1, hi, SOON)).byteSize()).isEqualTo(1);
    }
  }
}
