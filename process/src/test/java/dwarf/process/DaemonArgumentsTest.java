package dwarf.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DaemonArgumentsTest {

  @Test
  void theyAreWhatTheCommandsTake() {
    assertThat(String.join(" ", DaemonArguments.memoryNode("127.0.0.1:0", "1GiB")))
        .isEqualTo("memory-node --listen 127.0.0.1:0 --pool 1GiB --exit-with-parent");
    assertThat(String.join(" ", DaemonArguments.worker("h:7", Path.of("/mnt/s"), "w", 2)))
        .isEqualTo(
            "worker --memory-node h:7 --storage /mnt/s --slots 2 --name w --exit-with-parent");
  }

  @Test
  void theAddressIsInTheLineOfAMemoryNodeThatIsReady() {
    assertThat(DaemonArguments.addressIn("memory-node ready on tcp://127.0.0.1:81, lending 1 GiB"))
        .isEqualTo("127.0.0.1:81");
    assertThatThrownBy(() -> DaemonArguments.addressIn("something else"))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("something else");
  }
}
