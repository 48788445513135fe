package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Await;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.OneSidedContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over UCX's TCP transport. */
@ExtendWith(NeedsUcx.class)
class UcxTcpTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return UcxFabric.open(options, UcxSettings.of("tcp", false));
  }

  @Override
  protected FabricAddress freeAddress() {
    return new FabricAddress("ucx", "127.0.0.1", 0);
  }

  @Test
  void runsOnWhatItIsNamedAfter() {
    UcxConnection connection = (UcxConnection) connect((peer, opcode, payload, reply) -> {});
    assertThat(Await.get(connection.lanes()))
        .allMatch(lane -> lane.startsWith("tcp/"))
        .isNotEmpty();
  }
}
