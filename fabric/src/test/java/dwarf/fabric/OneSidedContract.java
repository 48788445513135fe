package dwarf.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Remote memory, as every transport has to do it. */
public abstract class OneSidedContract extends FabricContract {

  private static final ServerHandler NEVER =
      (peer, opcode, payload, reply) ->
          reply.fail(new DwarfException(Kind.INTERNAL, "a one-sided operation met the handler"));

  private static MemorySegment pattern(MemorySegment memory, long seed) {
    Random random = new Random(seed);
    for (long i = 0; i < memory.byteSize(); i++) {
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    return memory;
  }

  private static byte[] bytes(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void transfersOfEverySizeToAndFromHeapAndNativeMemory() {
    Connection connection = connect(NEVER);
    long seed = Long.getLong("dwarf.seed", 42);
    for (int size : new int[] {0, 1, 33, CHUNK - 1, CHUNK, CHUNK + 1, 20 * CHUNK + 7, 1 << 20}) {
      Region region = server.register(arena.allocate(Math.max(1, size + 24L)));
      RemoteKey key = region.grant(8, size + 16L, Access.READ_WRITE);
      MemorySegment here = pattern(arena.allocate(Math.max(1, size)).asSlice(0, size), seed);
      MemorySegment heap = MemorySegment.ofArray(new byte[size]);
      Await.get(connection.write(key, 16, here, SOON));
      assertThat(region.memory().asSlice(24, size).mismatch(here)).isEqualTo(-1);
      assertThat(bytes(region.memory().asSlice(0, 24))).containsOnly(0);
      Await.get(connection.read(key, 16, heap, SOON));
      assertThat(heap.mismatch(here)).as("seed %d", seed).isEqualTo(-1);
      pattern(heap, seed + 1);
      Await.get(connection.write(key, 0, heap, SOON));
      Await.get(connection.read(key, 0, here, SOON));
      assertThat(heap.mismatch(here)).as("seed %d", seed).isEqualTo(-1);
      region.close();
    }
    assertThat(server.counters().get(FabricCounter.REQUESTS_SERVED)).isZero();
    assertThat(server.counters().get(FabricCounter.ONE_SIDED_BYTES_READ))
        .isEqualTo(server.counters().get(FabricCounter.ONE_SIDED_BYTES_WRITTEN))
        .isPositive();
  }

  @Test
  void readOnlySourcesAreWrittenAndReadOnlyTargetsRefused() {
    Connection connection = connect(NEVER);
    Region region = server.register(arena.allocate(64));
    RemoteKey key = region.grant(0, 64, Access.READ_WRITE);
    MemorySegment source = pattern(arena.allocate(64), 1).asReadOnly();
    Await.get(connection.write(key, 0, source, SOON));
    assertThat(region.memory().mismatch(source)).isEqualTo(-1);
    assertFails(connection.read(key, 0, source, SOON), Kind.INVALID_ARGUMENT);
  }

  @Test
  void nothingOutsideTheGrantIsReached() {
    Connection connection = connect(NEVER);
    Region region = server.register(arena.allocate(100));
    RemoteKey key = region.grant(10, 50, Access.READ_WRITE);
    MemorySegment ten = pattern(arena.allocate(10), 3);
    for (long offset : new long[] {-1, -10, 41, 50, 51, 1000, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertFails(connection.write(key, offset, ten, SOON), Kind.INVALID_ARGUMENT);
      assertFails(connection.read(key, offset, ten, SOON), Kind.INVALID_ARGUMENT);
    }
    assertFails(connection.write(key, 0, arena.allocate(51), SOON), Kind.INVALID_ARGUMENT);
    assertThat(bytes(region.memory())).containsOnly(0);
    Await.get(connection.write(key, 40, ten, SOON));
    assertThat(region.memory().asSlice(50, 10).mismatch(ten)).isEqualTo(-1);
    assertThat(server.counters().get(FabricCounter.ONE_SIDED_REFUSED)).isPositive();
  }

  @Test
  void grantsStayInsideTheRegion() {
    Region region = server.register(arena.allocate(100));
    long[][] outside = {{-1, 5}, {0, 101}, {100, 1}, {1, Long.MAX_VALUE}, {5, -1}};
    for (long[] range : outside) {
      assertThatThrownBy(() -> region.grant(range[0], range[1], Access.READ))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
    }
    assertThat(region.grant(100, 0, Access.READ)).isNotNull();
  }

  @Test
  void aReadKeyDoesNotWrite() {
    Connection connection = connect(NEVER);
    Region region = server.register(pattern(arena.allocate(64), 5));
    RemoteKey key = region.grant(0, 64, Access.READ);
    byte[] before = bytes(region.memory());
    assertFails(connection.write(key, 0, arena.allocate(8), SOON), Kind.INVALID_ARGUMENT);
    assertThat(bytes(region.memory())).isEqualTo(before);
    Await.get(connection.read(key, 0, arena.allocate(64), SOON));
  }

  @Test
  void keysAreUnguessableAndUnknownOnesAreStale() {
    Connection connection = connect(NEVER);
    Region region = server.register(arena.allocate(64));
    RemoteKey key = region.grant(0, 64, Access.READ_WRITE);
    assertThat(region.grant(0, 64, Access.READ_WRITE)).isNotEqualTo(key);
    assertThat(key.bytes()).hasSizeGreaterThanOrEqualTo(16);
    for (int i = 0; i < key.bytes().length; i++) {
      byte[] near = key.bytes();
      near[i] ^= 1;
      assertFails(
          connection.read(new RemoteKey(near), 0, arena.allocate(8), SOON), Kind.STALE_HANDLE);
    }
    assertFails(
        connection.read(new RemoteKey(new byte[5]), 0, arena.allocate(8), SOON),
        Kind.INVALID_ARGUMENT);
  }

  @Test
  void revokedKeysAreStaleAndOthersLive() {
    Connection connection = connect(NEVER);
    Region region = server.register(arena.allocate(64));
    RemoteKey gone = region.grant(0, 64, Access.READ_WRITE);
    RemoteKey kept = region.grant(0, 64, Access.READ);
    region.revoke(gone);
    region.revoke(gone);
    assertFails(connection.write(gone, 0, arena.allocate(8), SOON), Kind.STALE_HANDLE);
    assertFails(connection.read(gone, 0, arena.allocate(8), SOON), Kind.STALE_HANDLE);
    Await.get(connection.read(kept, 0, arena.allocate(8), SOON));
    server.register(arena.allocate(8)).revoke(kept);
    Await.get(connection.read(kept, 0, arena.allocate(8), SOON));
    region.close();
    assertFails(connection.read(kept, 0, arena.allocate(8), SOON), Kind.STALE_HANDLE);
    assertThatThrownBy(() -> region.grant(0, 1, Access.READ))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
  }

  @Test
  void afterRevokeReturnsNothingTouchesTheMemory() {
    int size = 64 * CHUNK;
    MemorySegment ones = arena.allocate(size).fill((byte) 1);
    Connection connection = connect(NEVER);
    for (int round = 0; round < 20; round++) {
      try (Arena regionMemory = Arena.ofShared()) {
        Region region = server.register(regionMemory.allocate(size));
        RemoteKey key = region.grant(0, size, Access.READ_WRITE);
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          writes.add(connection.write(key, 0, ones, SOON));
        }
        Await.until("bytes are landing", () -> region.memory().get(ValueLayout.JAVA_BYTE, 0) == 1);
        region.revoke(key);
        region.memory().fill((byte) 2);
        Await.until(
            "all writes have ended", () -> writes.stream().allMatch(CompletableFuture::isDone));
        assertThat(region.memory().mismatch(arena.allocate(size).fill((byte) 2))).isEqualTo(-1);
        for (CompletableFuture<Void> write : writes) {
          if (write.isCompletedExceptionally()) {
            assertFails(write, Kind.STALE_HANDLE);
          }
        }
        region.close();
      }
    }
  }

  @Test
  void confinedAndHeapMemoryIsRefusedWhereItCannotWork() {
    Connection connection = connect(NEVER);
    Region region = server.register(arena.allocate(64));
    RemoteKey key = region.grant(0, 64, Access.READ_WRITE);
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment memory = confined.allocate(8);
      assertFails(connection.write(key, 0, memory, SOON), Kind.INVALID_ARGUMENT);
      assertFails(connection.read(key, 0, memory, SOON), Kind.INVALID_ARGUMENT);
      assertThatThrownBy(() -> server.register(memory)).isInstanceOf(DwarfException.class);
    }
    assertThatThrownBy(() -> server.register(MemorySegment.ofArray(new byte[8])))
        .isInstanceOf(DwarfException.class);
    assertThatThrownBy(
            () -> server.register(arena.allocate(8).asReadOnly()).grant(0, 8, Access.READ_WRITE))
        .isInstanceOf(DwarfException.class);
  }

  @Test
  void aClosedConnectionFailsTransfersAndLetsGoOfTheirMemory() {
    int size = 4 << 20;
    Region region = server.register(arena.allocate(size));
    RemoteKey key = region.grant(0, size, Access.READ_WRITE);
    Connection connection = connect(NEVER);
    for (int round = 0; round < 10; round++) {
      Connection doomed = client.connect(connection.remote());
      Arena local = Arena.ofShared();
      CompletableFuture<Void> write = doomed.write(key, 0, local.allocate(size), SOON);
      CompletableFuture<Void> read = doomed.read(key, 0, local.allocate(size), SOON);
      doomed.close();
      Await.until("both have ended", () -> write.isDone() && read.isDone());
      local.close();
      for (CompletableFuture<Void> future : List.of(write, read)) {
        if (future.isCompletedExceptionally()) {
          assertFails(future, Kind.UNAVAILABLE);
        }
      }
    }
    Await.get(connection.read(key, 0, arena.allocate(8), SOON));
  }

  @Test
  void manyThreadsMixOperationsOnOneConnection() {
    int threads = 8;
    int size = 3 * CHUNK;
    long seed = Long.getLong("dwarf.seed", 7);
    Region region = server.register(arena.allocate((long) threads * size));
    RemoteKey key = region.grant(0, (long) threads * size, Access.READ_WRITE);
    Connection connection = connect((peer, opcode, payload, reply) -> reply.ok(payload));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong rounds = new AtomicLong();
    List<CompletableFuture<Void>> results = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      long base = (long) t * size;
      CompletableFuture<Void> result = new CompletableFuture<>();
      results.add(result);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  MemorySegment source = arena.allocate(size);
                  MemorySegment target = arena.allocate(size);
                  for (int i = 0; i < 30 && !stop.get(); i++) {
                    pattern(source, seed + base + i);
                    Await.get(connection.write(key, base, source, SOON));
                    Await.get(connection.request(1, text("between"), SOON));
                    Await.get(connection.read(key, base, target, SOON));
                    assertThat(target.mismatch(source)).as("seed %d", seed).isEqualTo(-1);
                    rounds.incrementAndGet();
                  }
                  result.complete(null);
                } catch (Throwable e) {
                  stop.set(true);
                  result.completeExceptionally(e);
                }
              });
    }
    results.forEach(Await::get);
    assertThat(rounds).hasValue(threads * 30L);
  }

  private static final int PAGE = 4096;

  @Test
  void allocatedMemoryIsZeroAndReadsAsItWasWritten() {
    Connection connection = connect(NEVER);
    int size = 20 * PAGE;
    try (Region region = server.allocate(size)) {
      region.commit(0, size);
      assertThat(bytes(region.memory())).hasSize(size).containsOnly(0);
      RemoteKey key = region.grant(PAGE, 18 * PAGE, Access.READ_WRITE);
      MemorySegment here = pattern(arena.allocate(18 * PAGE), 11);
      Await.get(connection.write(key, 0, here, SOON));
      assertThat(region.memory().asSlice(PAGE, here.byteSize()).mismatch(here)).isEqualTo(-1);
      MemorySegment there = arena.allocate(5 * PAGE);
      for (int offset = 0; offset < 10 * PAGE; offset += 977) {
        Await.get(connection.read(key, offset, there, SOON));
        assertThat(there.mismatch(here.asSlice(offset, there.byteSize()))).isEqualTo(-1);
      }
      long read =
          server.counters().get(FabricCounter.ONE_SIDED_BYTES_READ)
              + client.counters().get(FabricCounter.MAPPED_BYTES_READ);
      assertThat(read).isEqualTo(Math.ceilDiv(10 * PAGE, 977) * 5L * PAGE);
      for (long offset : new long[] {-1, 13 * PAGE + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertFails(connection.read(key, offset, there, SOON), Kind.INVALID_ARGUMENT);
      }
    }
  }

  @Test
  void discardedPagesAreZeroAndCanBeUsedAgain() {
    Connection connection = connect(NEVER);
    try (Region region = server.allocate(4 * PAGE)) {
      region.commit(0, 4 * PAGE);
      region.memory().fill((byte) 5);
      region.discard(PAGE, 2 * PAGE);
      region.commit(PAGE, 2 * PAGE);
      RemoteKey key = region.grant(0, 4 * PAGE, Access.READ_WRITE);
      MemorySegment there = arena.allocate(4 * PAGE);
      for (int round = 0; round < 3; round++) {
        Await.get(connection.read(key, 0, there, SOON));
        assertThat(bytes(there.asSlice(0, PAGE))).containsOnly(5);
        assertThat(bytes(there.asSlice(PAGE, 2 * PAGE))).containsOnly(round == 0 ? 0 : 6);
        assertThat(bytes(there.asSlice(3 * PAGE, PAGE))).containsOnly(5);
        MemorySegment six = arena.allocate(2 * PAGE).fill((byte) 6);
        Await.get(connection.write(key, PAGE, six, SOON));
      }
    }
  }

  @Test
  void aClosedAllocationIsStaleAndItsMemoryGone() {
    Connection connection = connect(NEVER);
    Region region = server.allocate(PAGE);
    region.commit(0, PAGE);
    RemoteKey key = region.grant(0, PAGE, Access.READ);
    MemorySegment there = arena.allocate(PAGE);
    Await.get(connection.read(key, 0, there, SOON));
    Await.get(connection.read(key, 0, there, SOON));
    region.close();
    region.close();
    assertFails(connection.read(key, 0, there, SOON), Kind.STALE_HANDLE);
    assertFails(connection.read(key, 0, there, SOON), Kind.STALE_HANDLE);
    assertThatThrownBy(() -> region.memory().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> server.allocate(0))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
  }

  /** Whoever reads while a key ends gets the bytes it was granted for, or an error. */
  @Test
  void readersNeverAcceptBytesOfTheNextUse() throws Exception {
    int size = 16 * PAGE;
    Connection connection = connect(NEVER);
    try (Region region = server.allocate(size)) {
      region.commit(0, size);
      for (int round = 1; round <= 60; round++) {
        byte mine = (byte) round;
        region.memory().fill(mine);
        RemoteKey key = region.grant(0, size, Access.READ);
        AtomicLong accepted = new AtomicLong();
        List<Thread> readers = new ArrayList<>();
        List<Throwable> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int r = 0; r < 2; r++) {
          MemorySegment there = arena.allocate(size);
          MemorySegment expected = arena.allocate(size).fill(mine);
          readers.add(
              Thread.ofPlatform()
                  .start(
                      () -> {
                        try {
                          while (true) {
                            Await.get(connection.read(key, 0, there, SOON));
                            assertThat(there.mismatch(expected)).isEqualTo(-1);
                            accepted.incrementAndGet();
                          }
                        } catch (DwarfException ended) {
                          if (ended.kind() != Kind.STALE_HANDLE) {
                            wrong.add(ended);
                          }
                        } catch (Throwable e) {
                          wrong.add(e);
                        }
                      }));
        }
        Await.until("bytes were read", () -> accepted.get() >= 3 || !wrong.isEmpty());
        region.revoke(key);
        region.memory().fill((byte) -1);
        for (Thread reader : readers) {
          reader.join();
        }
        assertThat(wrong).isEmpty();
      }
    }
  }
}
