package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shared memory whose file system has less room than the pool lends: touching a page that it cannot
 * supply would end the process, so it must be refused before.
 */
class FullPoolTest {

  @TempDir Path root;

  @Test
  void aPoolWithoutPagesRefusesAndNobodyDies() throws Exception {
    Path memory = root.resolve("memory");
    List<String> command =
        Child.command(
            List.of("-Ddwarf.shm.dir=" + memory, "-Djava.io.tmpdir=" + root),
            FullPoolMain.class,
            root,
            memory);
    String said =
        new SmallMounts().with(memory, "size=6m,mode=700").run(root.resolve("output"), command);
    System.out.println(said);
    assertThat(said)
        .contains("passed no-room-to-start", "passed allocate", "passed engine")
        .containsPattern(
            "refused NO_SPACE: no room for a shard .*machine has no memory.*keep the memtable local");
  }
}
