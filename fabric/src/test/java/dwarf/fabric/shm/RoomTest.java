package dwarf.fabric.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transfers many times as long as the ring: who waits for room hears of it, whether it polls or
 * sleeps. What nobody is told of would be found at the next timer only, after the deadlines here.
 */
@Timeout(120)
class RoomTest {

  private static final Duration BEFORE_ANY_TIMER = Duration.ofSeconds(8);
  private static final int BYTES = 4 << 20;

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000, 50_000})
  void transfersThroughASmallRingNeverWaitForATimer(long spinNanos) {
    FabricOptions options =
        FabricOptions.DEFAULTS
            .withFrames(64 << 10, 16 << 10)
            .withThreads(1, Duration.ofNanos(spinNanos))
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(60));
    FabricAddress address = FabricAddress.shm("room-" + UUID.randomUUID());
    try (Arena arena = Arena.ofShared();
        Fabric server = Fabrics.open("shm", options);
        Fabric client = Fabrics.open("shm", options)) {
      Region region = server.register(arena.allocate(BYTES));
      RemoteKey key = region.grant(0, BYTES, Access.READ_WRITE);
      server.listen(address, (peer, opcode, payload, reply) -> reply.ok(payload));
      Connection connection = client.connect(address);
      MemorySegment source = arena.allocate(BYTES);
      MemorySegment target = arena.allocate(BYTES);
      for (int round = 0; round < 40; round++) {
        source.fill((byte) round);
        Await.get(connection.write(key, 0, source, BEFORE_ANY_TIMER));
        Await.get(connection.read(key, 0, target, BEFORE_ANY_TIMER));
        assertThat(target.mismatch(source)).isEqualTo(-1);
      }
    }
  }
}
