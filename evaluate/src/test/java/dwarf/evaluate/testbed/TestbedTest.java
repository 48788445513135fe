package dwarf.evaluate.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dwarf.base.DwarfException;
import dwarf.evaluate.testbed.Emulation.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, and real groups and mounts where this machine allows them. */
class TestbedTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

  private final MountTable mounts = MountTable.ofThisProcess();

  @TempDir Path working;

  @Test
  void aCpuQuotaStretchesWhatIsComputedAndTheTimeIsCounted() {
    try (Testbed testbed = Testbed.open(TestMain.class, working)) {
      assumeEmulated(testbed, "cpu");
      Node slow = testbed.node(new NodeSpec("slow", 0.2, NodeSpec.UNLIMITED_STORAGE));
      Duration computed = Duration.ofMillis(400);
      NodeProcess process =
          slow.start("spin", FLAGS, List.of("spin", Long.toString(computed.toNanos())));
      long elapsed = Long.parseLong(process.child().receive(PATIENCE));
      // At 0.2 cores it takes 2 s; without a quota 0.4 s, or 0.8 s with another busy process.
      assertThat(elapsed).isGreaterThan(computed.multipliedBy(3).toNanos());
      process.child().close();
      assertThat(slow.cpu()).as("also when it has ended").isGreaterThan(computed);
    }
    assertNothingIsLeft();
  }

  @Test
  void aStoragePathCarriesItsBytesASecondAndCountsThem() throws IOException {
    try (Testbed testbed = Testbed.open(TestMain.class, working)) {
      assumeEmulated(testbed, "storage");
      Node node = testbed.node(new NodeSpec("far", NodeSpec.UNLIMITED_CORES, 2_000_000));
      Path file = node.storage().resolve("file");
      long start = System.nanoTime();
      NodeProcess writer = node.start("write", FLAGS, List.of("write", file.toString(), "4000000"));
      assertThat(writer.child().receive(PATIENCE)).isEqualTo("written");
      // 2 s less the burst of 0.2 s; a lower bound, since a busy machine only takes longer.
      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofSeconds(1).toNanos());
      assertThat(node.storagePath().bytesWritten().orElseThrow()).isBetween(4_000_000L, 4_100_000L);
      assertThat(node.storagePath().bytesRead().orElseThrow()).isBetween(0L, 100_000L);
      assertThat(testbed.backing().resolve("file")).hasSize(4_000_000);
      assertThat(Files.readAllBytes(file)).hasSize(4_000_000);
      assertThat(node.storagePath().bytesRead().orElseThrow()).isBetween(3_900_000L, 4_200_000L);
    }
    assertNothingIsLeft();
  }

  @Test
  void whatOneNodeWritesAnotherSeesAtOnce() throws IOException {
    try (Testbed testbed = Testbed.open(TestMain.class, working)) {
      Path one = testbed.node(new NodeSpec("one", 1, 50_000_000)).storage().resolve("shared");
      Path two = testbed.node(new NodeSpec("two", 1, 50_000_000)).storage().resolve("shared");
      assertThat(two).doesNotExist();
      Files.writeString(one, "a");
      assertThat(two).hasContent("a");
      Files.writeString(one, "longer");
      assertThat(Files.size(two)).isEqualTo(6);
      Files.move(one, one.resolveSibling("renamed"));
      assertThat(two).doesNotExist();
    }
  }

  @Test
  void daemonsStartInTheirNodesAndSayHowToRunThemByHand() {
    try (Testbed testbed = Testbed.open(TestMain.class, working)) {
      Node memory = testbed.node(new NodeSpec("memory", 0.25, 50_000_000));
      Node worker = testbed.node(new NodeSpec("worker", 0.25, 50_000_000));
      String address = Daemons.startMemoryNode(memory, "127.0.0.1:0", "64MiB");
      assertThat(address).isEqualTo("127.0.0.1:7000");
      NodeProcess process = Daemons.startWorker(worker, address, "w-1", 2);
      assertThat(process.commandLine())
          .isEqualTo(
              "DWARF_JAVA_OPTS='-Xmx256m -XX:+UseSerialGC -XX:ActiveProcessorCount=1' ./dwarf"
                  + " worker --memory-node 127.0.0.1:7000 --storage "
                  + worker.storage()
                  + " --slots 2 --name w-1");
      assertThat(process.child().isAlive()).isTrue();
      assertThat(worker.processes()).containsExactly(process);
      assertThat(worker.cpu()).isPositive();
    }
    assertNothingIsLeft();
  }

  @Test
  void aNodeThatCannotBeMadeLeavesNothing() {
    try (Testbed testbed = Testbed.open(TestMain.class, working)) {
      assumeEmulated(testbed, "storage");
      Path inTheWay = testbed.backing().resolveSibling("nodes").resolve("taken");
      assertThat(inTheWay.toFile().mkdir()).isTrue();
      assertThatThrownBy(() -> testbed.node(new NodeSpec("taken", 0.5, 1_000_000)))
          .isInstanceOf(DwarfException.class)
          .hasMessageContaining("taken");
      Node fine = testbed.node(new NodeSpec("fine", 0.5, 1_000_000));
      fine.start("idle", FLAGS, List.of("worker"));
    }
    assertNothingIsLeft();
  }

  @Test
  void aProcessThatUsesItsMountDoesNotKeepTheTestbedOpen() throws IOException {
    Node node;
    try (Testbed testbed = Testbed.open(TestMain.class, working);
        Stream<Path> listing = Files.list(openedNode(testbed).storage())) {
      node = testbed.node(new NodeSpec("other", 0.5, 1_000_000));
      assertThat(listing).isNotNull();
    }
    assertThat(node.processes()).isEmpty();
    assertNothingIsLeft();
  }

  private static Node openedNode(Testbed testbed) {
    return testbed.node(new NodeSpec("opened", 0.5, 1_000_000));
  }

  private static void assumeEmulated(Testbed testbed, String subject) {
    Emulation emulation =
        testbed.emulation().stream()
            .filter(each -> each.subject().equals(subject))
            .findFirst()
            .orElseThrow();
    assumeTrue(emulation.status() == Status.EMULATED, emulation.text());
  }

  private void assertNothingIsLeft() {
    assertThat(mounts.hasMountsIn(working)).isFalse();
    assertThat(working.toFile().list()).containsOnly("logs");
    String ours = "dwarf-evaluate-" + ProcessHandle.current().pid() + "-";
    CgroupTree.find(mounts.mounts(), new GroupFiles())
        .ifPresent(
            tree ->
                tree.roots()
                    .forEach(
                        root ->
                            assertThat(root.toFile().list())
                                .noneMatch(name -> name.startsWith(ours))));
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> child.info().command().orElse("").contains("bindfs"));
  }
}
