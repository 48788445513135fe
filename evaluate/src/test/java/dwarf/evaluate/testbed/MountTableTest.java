package dwarf.evaluate.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTableTest {

  @TempDir Path directory;

  @Test
  void pointsTypesAndOptionsAreReadWithAndWithoutOptionalFields() throws IOException {
    MountTable table =
        table(
            "45 27 0:42 / /data/far\\040away\\134x rw,relatime - fuse /store rw,user_id=0",
            "30 24 0:26 / /sys/fs/cgroup/cpu rw shared:9 master:1 - cgroup cgroup rw,cpu,cpuacct",
            "nonsense",
            "1 2 - x");
    assertThat(table.mounts())
        .extracting(mount -> mount.point() + " " + mount.type())
        .containsExactly("/data/far away\\x fuse", "/sys/fs/cgroup/cpu cgroup");
    assertThat(table.mounts().getLast().options()).contains("cpu", "cpuacct").doesNotContain("rw,");
    assertThat(table.isMounted(Path.of("/data/far away\\x"))).isTrue();
    assertThat(table.isMounted(Path.of("/data"))).isFalse();
    assertThat(table.hasMountsIn(Path.of("/data"))).isTrue();
    assertThat(table.hasMountsIn(Path.of("/dat"))).isFalse();
  }

  @Test
  void aSystemWithoutTheFileHasNoMounts() {
    assertThat(new MountTable(directory.resolve("none")).mounts()).isEmpty();
  }

  private MountTable table(String... lines) throws IOException {
    return new MountTable(
        Files.writeString(directory.resolve("mountinfo"), String.join("\n", lines) + "\n"));
  }
}
