package dwarf.fabric.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.OneSidedContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TcpEpollTest extends OneSidedContract {

  @Override
  protected Fabric open(FabricOptions options) {
    return Fabrics.open("tcp", options);
  }

  @Override
  protected FabricAddress freeAddress() {
    return FabricAddress.tcp("127.0.0.1", 0);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void nativeTransportLoads() {
    assertThat(EventLoops.epollAvailable()).isTrue();
  }
}
