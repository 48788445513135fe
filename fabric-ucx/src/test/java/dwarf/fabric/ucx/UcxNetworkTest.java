package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dwarf.fabric.Await;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Listener;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** By an address of the network, if this machine has one, although both ends are here. */
@Timeout(60)
@ExtendWith(NeedsUcx.class)
class UcxNetworkTest {

  @Test
  void doesNotShareMemory() throws SocketException {
    Optional<InetAddress> host =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .findFirst();
    assumeTrue(host.isPresent(), "no address but the loopback device's");
    FabricOptions exposed = FabricOptions.DEFAULTS.withInsecure(true);
    try (Fabric fabric = UcxFabric.open(exposed, UcxSettings.of("", false))) {
      FabricAddress any = new FabricAddress("ucx", host.get().getHostAddress(), 0);
      Listener listener = fabric.listen(any, (peer, opcode, payload, reply) -> reply.ok(payload));
      UcxConnection connection = (UcxConnection) fabric.connect(listener.address());
      byte[] sent = {1, 2, 3};
      MemorySegment answer =
          Await.get(connection.request(1, MemorySegment.ofArray(sent), Duration.ofSeconds(10)));
      assertThat(answer.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(sent);
      assertThat(Await.get(connection.lanes()))
          .isNotEmpty()
          .noneMatch(lane -> lane.startsWith("posix/") || lane.startsWith("sysv/"));
    }
  }
}
