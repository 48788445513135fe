package dwarf.fabric.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyFabricTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final FabricAddress NAME = FabricAddress.inproc("faulty");

  private final Arena arena = Arena.ofShared();
  private final Faults faults = new Faults(11);
  private final AtomicInteger served = new AtomicInteger();
  private Fabric fabric;
  private Connection connection;
  private Region region;
  private RemoteKey key;

  @BeforeEach
  void open() {
    fabric = new FaultyFabric(Fabrics.open("inproc"), faults);
    var listener =
        fabric.listen(
            NAME,
            (peer, opcode, payload, reply) -> {
              served.incrementAndGet();
              reply.ok(payload);
            });
    connection = fabric.connect(listener.address());
    region = fabric.register(arena.allocate(64));
    key = region.grant(0, 64, Access.READ_WRITE);
  }

  @AfterEach
  void close() {
    fabric.close();
    arena.close();
  }

  private static MemorySegment eight() {
    return MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
  }

  private static long differingBits(MemorySegment a, MemorySegment b) {
    return Long.bitCount(
        a.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) ^ b.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
  }

  private void assertUnavailable(java.util.concurrent.CompletableFuture<?> future) {
    assertThat(Await.failureOf(future).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void withoutFaultsEverythingPasses() {
    assertThat(Await.get(connection.request(1, eight(), SOON)).mismatch(eight())).isEqualTo(-1);
    Await.get(connection.write(key, 0, eight(), SOON));
    MemorySegment target = eight().fill((byte) 0);
    Await.get(connection.read(key, 0, target, SOON));
    assertThat(target.mismatch(eight())).isEqualTo(-1);
    assertThat(faults.injected()).isZero();
  }

  @Test
  void droppedOperationsNeverHappen() {
    faults.drop(1);
    assertUnavailable(connection.request(1, eight(), SHORT));
    assertUnavailable(connection.write(key, 0, eight(), SHORT));
    assertThat(served).hasValue(0);
    assertThat(region.memory().get(ValueLayout.JAVA_LONG, 0)).isZero();
    assertThat(faults.injected()).isEqualTo(2);
  }

  @Test
  void lostAnswersHideWhatHasHappened() {
    faults.dropAnswer(1);
    assertUnavailable(connection.request(1, eight(), SHORT));
    assertUnavailable(connection.write(key, 0, eight(), SHORT));
    assertThat(served).hasValue(1);
    assertThat(region.memory().asSlice(0, 8).mismatch(eight())).isEqualTo(-1);
  }

  @Test
  void duplicatedRequestsArriveTwice() {
    faults.duplicate(1);
    assertThat(Await.get(connection.request(1, eight(), SOON)).mismatch(eight())).isEqualTo(-1);
    assertThat(served).hasValue(2);
  }

  @Test
  void corruptionIsOneBit() {
    faults.corrupt(1);
    assertThat(differingBits(Await.get(connection.request(1, eight(), SOON)), eight()))
        .isEqualTo(1);
    MemorySegment source = eight();
    Await.get(connection.write(key, 0, source, SOON));
    assertThat(source.mismatch(eight())).isEqualTo(-1);
    assertThat(differingBits(region.memory(), eight())).isEqualTo(1);
    faults.heal();
    Await.get(connection.write(key, 0, source, SOON));
    faults.corrupt(1);
    MemorySegment target = eight().fill((byte) 0);
    Await.get(connection.read(key, 0, target, SOON));
    assertThat(differingBits(target, eight())).isEqualTo(1);
  }

  @Test
  void delayedOperationsStillHappen() {
    faults.delay(Duration.ofMillis(5));
    Await.get(connection.request(1, eight(), SOON));
    Await.get(connection.write(key, 0, eight(), SOON));
    assertThat(region.memory().asSlice(0, 8).mismatch(eight())).isEqualTo(-1);
    assertThat(faults.injected()).isEqualTo(2);
  }

  @Test
  void faultsCanBeAimed() {
    faults.drop(1).only(operation -> operation.opcode() == 2);
    Await.get(connection.request(1, eight(), SOON));
    assertUnavailable(connection.request(2, eight(), SHORT));
    Await.get(connection.write(key, 0, eight(), SOON));
  }

  @Test
  void aCutEndsConnectionsUntilHealed() {
    faults.cut();
    assertThat(connection.isOpen()).isFalse();
    assertUnavailable(connection.request(1, eight(), SOON));
    assertThatThrownBy(() -> fabric.connect(NAME)).isInstanceOf(DwarfException.class);
    faults.heal();
    Await.get(fabric.connect(NAME).request(1, eight(), SOON));
  }

  @Test
  void halfOpenLooksOpenAndIsSilent() {
    faults.halfOpen(true);
    assertThat(connection.isOpen()).isTrue();
    assertUnavailable(connection.request(1, eight(), SHORT));
    var lost = connection.request(1, eight(), Duration.ofHours(1));
    assertThatThrownBy(() -> fabric.connect(NAME)).isInstanceOf(DwarfException.class);
    connection.close();
    assertUnavailable(lost);
    assertThat(served).hasValue(0);
  }
}
