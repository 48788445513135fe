package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Await;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.OneSidedContract;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over UCX's shared memory (TCP is there for the handshake), with callers that help. */
@ExtendWith(NeedsUcx.class)
class UcxShmTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return UcxFabric.open(
        options.withThreads(1, Duration.ofNanos(50_000)), UcxSettings.of("posix,sysv,tcp", false));
  }

  @Override
  protected FabricAddress freeAddress() {
    return new FabricAddress("ucx", "127.0.0.1", 0);
  }

  @Test
  void runsOnWhatItIsNamedAfter() {
    UcxConnection connection = (UcxConnection) connect((peer, opcode, payload, reply) -> {});
    assertThat(Await.get(connection.lanes()))
        .anyMatch(lane -> Stream.of("posix/", "sysv/").anyMatch(lane::startsWith));
  }
}
