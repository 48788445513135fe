package dwarf.evaluate.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation that is told to stop, or killed, while its testbed is up. */
class KilledRunTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MountTable mounts = MountTable.ofThisProcess();

  @TempDir Path working;
  @TempDir Path logs;

  @Test
  void aRunThatIsToldToStopLeavesNothing() throws Exception {
    try (Children children = new Children(TestMain.class, logs)) {
      Held held = hold(children);
      held.run().stop();
      assertThat(mounts.hasMountsIn(working.toRealPath())).isFalse();
      assertThat(held.process()).matches(pid -> ProcessHandle.of(pid).isEmpty());
      assertThat(working.toFile().list()).containsOnly("logs");
      assertThat(groups(held.run().pid())).isEmpty();
    }
  }

  @Test
  void theNextRunCleansUpAfterOneThatWasKilled() throws Exception {
    try (Children children = new Children(TestMain.class, logs)) {
      Held held = hold(children);
      ProcessHandle process = ProcessHandle.of(held.process()).orElseThrow();
      held.run().kill();
      process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assumeTrue(mounts.hasMountsIn(working.toRealPath()), "nothing can be mounted here");
      Path kept = Files.writeString(working.resolve("dwarf-evaluate-notes"), "of somebody");
      try (Testbed next = Testbed.open(TestMain.class, working)) {
        assertThat(next.emulation())
            .filteredOn(each -> each.subject().equals("leftovers"))
            .extracting(Emulation::text)
            .anyMatch(text -> text.contains("mount") && text.contains("/nodes/held"))
            .anyMatch(text -> text.contains("directory"));
      }
      assertThat(mounts.hasMountsIn(working.toRealPath())).isFalse();
      assertThat(groups(held.run().pid())).isEmpty();
      assertThat(kept).exists();
      assertThat(working.toFile().list()).containsOnly("logs", "dwarf-evaluate-notes");
    }
  }

  /** A process that holds a testbed, and one that runs in it. */
  private record Held(ChildProcess run, long process) {}

  private Held hold(Children children) {
    ChildProcess run = children.start("run", List.of(), List.of("hold", working.toString()));
    return new Held(run, Long.parseLong(run.receive(PATIENCE)));
  }

  private List<String> groups(long pid) {
    return CgroupTree.find(mounts.mounts(), new GroupFiles()).map(CgroupTree::roots).stream()
        .flatMap(List::stream)
        .flatMap(root -> List.of(root.toFile().list()).stream())
        .filter(name -> name.startsWith("dwarf-evaluate-" + pid + "-"))
        .toList();
  }
}
