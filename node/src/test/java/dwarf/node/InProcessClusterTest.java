package dwarf.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.EmbeddedCluster;
import dwarf.protocol.MemoryNodeClient;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InProcessClusterTest {

  @TempDir Path root;

  @Test
  void itIsFoundAndServes() {
    try (EmbeddedCluster.Running running = EmbeddedCluster.load().start(root, 16 << 20, 1);
        MemoryNodeClient client =
            new MemoryNodeClient(running.fabric(), running.memoryNode(), ClientOptions.DEFAULTS)) {
      assertThat(client.hello().poolBytes()).isEqualTo(16 << 20);
      assertThat(client.attach(UUID.randomUUID(), 1, 0)).isEmpty();
    }
  }

  @Test
  void twoRunSideBySide() {
    EmbeddedCluster cluster = EmbeddedCluster.load();
    try (EmbeddedCluster.Running one = cluster.start(root, 1 << 20, 1);
        EmbeddedCluster.Running two = cluster.start(root, 1 << 20, 1)) {
      FabricAddress first = one.memoryNode();
      assertThat(first).isNotEqualTo(two.memoryNode());
    }
  }

  @Test
  void aStartThatFailsLeavesNothingRunning() {
    Path missing = root.resolve("missing");
    assertThatThrownBy(() -> EmbeddedCluster.load().start(missing, 1 << 20, 1))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("missing");
  }
}
