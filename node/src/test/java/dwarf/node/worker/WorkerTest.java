package dwarf.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Clock;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemtableShards;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final Duration LEASE = Duration.ofMillis(300);

  @TempDir Path root;
  private final Steps steps = new Steps();
  private final AtomicLong skipped = new AtomicLong();
  private final Clock nodeClock = () -> System.nanoTime() + skipped.get();
  private Fabric fabric;
  private MemoryNode node;
  private Worker worker;
  private TestOwner owner;

  private void start(String scheme, int slots) throws IOException {
    fabric = Fabrics.open(scheme);
    node = startNode(scheme.equals("tcp") ? FabricAddress.tcp("127.0.0.1", 0) : anyName(scheme));
    worker = startWorker(slots);
    steps.await("worker.registered", 1);
    owner = new TestOwner(root, fabric, node.address());
  }

  private static FabricAddress anyName(String scheme) {
    return new FabricAddress(scheme, "node-" + UUID.randomUUID(), 0);
  }

  private MemoryNode startNode(FabricAddress address) {
    return MemoryNode.start(
        MemoryNodeConfig.of(fabric, address, 64 << 20)
            .withLeases(Duration.ofSeconds(60), LEASE)
            .withClock(nodeClock));
  }

  private Worker startWorker(int slots) {
    WorkerConfig.Tuning tuning =
        WorkerConfig.Tuning.DEFAULTS
            .withTargetFileBytes(20_000)
            .withPauses(Duration.ofMillis(100), Duration.ofMillis(20));
    return Worker.start(
        WorkerConfig.of(fabric, node.address(), root, "w", slots)
            .withTuning(tuning)
            .withSteps(steps));
  }

  @AfterEach
  void stop() {
    steps.letGo();
    if (worker != null) {
      worker.close();
    }
    if (owner != null) {
      owner.close();
    }
    node.close();
    fabric.close();
  }

  private static SortedMap<String, String> rows(Random random, int count, int version) {
    SortedMap<String, String> rows = new TreeMap<>();
    while (rows.size() < count) {
      String key = String.format("key%05d", random.nextInt(5 * count));
      boolean delete = version > 0 && random.nextInt(5) == 0;
      String value = Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(12));
      rows.put(key, delete ? null : version + value);
    }
    return rows;
  }

  private List<MemtableShards> someMemtable() {
    return List.of(owner.ship(rows(new Random(SEED), 2_000, 0), 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"inproc", "shm", "tcp"})
  void tasksOfAJobBecomeFilesWithTheNewestRows(String scheme) throws IOException {
    System.out.println("seed " + SEED + " (repeat with -Ddwarf.seed=" + SEED + ")");
    start(scheme, 2);
    Random random = new Random(SEED);
    SortedMap<String, String> older = rows(random, 3_000, 0);
    SortedMap<String, String> newer = rows(random, 3_000, 1);
    MemtableShards first = owner.ship(older, 3);
    List<MemtableShards> newestFirst = List.of(owner.ship(newer, 4), first);
    FlushTask low = owner.task(null, "key05000", newestFirst);
    FlushTask high = owner.task("key05000", null, newestFirst);
    assertThat(owner.submit(low)).isTrue();
    assertThat(owner.submit(high)).isTrue();
    FlushResult lowResult = ((TaskStatus.Done) owner.await(low)).result();
    FlushResult highResult = ((TaskStatus.Done) owner.await(high)).result();
    assertThat(lowResult.files()).hasSizeGreaterThan(1);
    assertThat(lowResult.bytesRead()).isPositive();
    assertThat(lowResult.files().getFirst().name())
        .startsWith(TestOwner.EPOCH + "-9-0-" + low.attempt())
        .endsWith(".dsst");
    older.putAll(newer);
    older.values().removeIf(value -> value == null);
    assertThat(owner.install(List.of(lowResult, highResult))).isEqualTo(older);
    assertThat(owner.staged()).isEmpty();
    steps.await("worker.completed", 2);
  }

  @Test
  void aRangeWithoutRowsIsDoneWithoutFiles() throws IOException {
    start("inproc", 1);
    FlushTask task = owner.task("a", "b", someMemtable());
    assertThat(owner.submit(task)).isTrue();
    assertThat(((TaskStatus.Done) owner.await(task)).result().files()).isEmpty();
    assertThat(owner.staged()).isEmpty();
  }

  @Test
  void aFullWorkerIsOfferedNothing() throws IOException {
    start("inproc", 1);
    List<MemtableShards> memtable = someMemtable();
    steps.hold("worker.task-taken");
    FlushTask first = owner.task(null, null, memtable);
    assertThat(owner.submit(first)).isTrue();
    steps.await("worker.task-taken", 1);
    assertThat(worker.running()).isEqualTo(1);
    FlushTask second = owner.task(null, null, memtable);
    assertThat(owner.submit(second)).isFalse();
    steps.letGo();
    assertThat(owner.await(first)).isInstanceOf(TaskStatus.Done.class);
    assertThat(owner.submit(second)).isTrue();
    assertThat(owner.await(second)).isInstanceOf(TaskStatus.Done.class);
  }

  @Test
  void aCancelledTaskIsAbandonedAndItsFilesDeleted() throws IOException {
    start("inproc", 1);
    List<MemtableShards> memtable = someMemtable();
    steps.hold("worker.file-written");
    FlushTask task = owner.task(null, null, memtable);
    assertThat(owner.submit(task)).isTrue();
    steps.await("worker.file-written", 1);
    assertThat(owner.staged()).isNotEmpty();
    owner.client.cancel(task.attempt());
    awaitAbandoned();
    steps.letGo();
    steps.await("worker.abandoned", 1);
    assertThat(owner.staged()).isEmpty();
    assertThat(owner.await(task)).isInstanceOf(TaskStatus.Lost.class);
  }

  /** The worker's next heartbeat comes within a third of a lease. */
  private void awaitAbandoned() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!worker.isAbandoning()) {
      assertThat(System.nanoTime()).as("deadline of the test").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aLostLeaseMakesTheResultWorthless() throws IOException {
    start("inproc", 1);
    List<MemtableShards> memtable = someMemtable();
    steps.hold("worker.before-complete");
    FlushTask task = owner.task(null, null, memtable);
    assertThat(owner.submit(task)).isTrue();
    steps.await("worker.before-complete", 1);
    TaskStatus status = owner.client.await(task.attempt(), Duration.ZERO);
    while (!(status instanceof TaskStatus.Lost)) {
      skipped.addAndGet(LEASE.toNanos() * 2);
      status = owner.client.await(task.attempt(), Duration.ofMillis(30));
    }
    steps.letGo();
    steps.await("worker.refused", 1);
    assertThat(owner.staged()).isEmpty();
    steps.await("worker.registered", 2);
    FlushTask again = owner.task(null, null, memtable);
    assertThat(owner.submit(again)).isTrue();
    assertThat(owner.await(again)).isInstanceOf(TaskStatus.Done.class);
  }

  @Test
  void freedMemoryFailsTheTaskAndLeavesNoFile() throws IOException {
    start("inproc", 1);
    List<MemtableShards> memtable = someMemtable();
    steps.hold("worker.task-taken");
    FlushTask task = owner.task(null, null, memtable);
    assertThat(owner.submit(task)).isTrue();
    steps.await("worker.task-taken", 1);
    owner.client.free(
        owner.database,
        TestOwner.EPOCH,
        memtable.getFirst().shards().stream().map(RemoteShard::handle).toList());
    steps.letGo();
    TaskStatus.Failed failed = (TaskStatus.Failed) owner.await(task);
    assertThat(failed.kind()).isEqualTo(Kind.STALE_HANDLE);
    assertThat(owner.staged()).isEmpty();
  }

  @Test
  void anImageThatIsNotTheOnePromisedFailsTheTask() throws IOException {
    start("inproc", 1);
    MemtableShards real = someMemtable().getFirst();
    MemtableShards wrong =
        new MemtableShards(
            real.memtable(), real.firstSequence() + 1, real.lastSequence(), real.shards());
    FlushTask task = owner.task(null, null, List.of(wrong));
    assertThat(owner.submit(task)).isTrue();
    assertThat(((TaskStatus.Failed) owner.await(task)).kind()).isEqualTo(Kind.CORRUPTION);
  }

  @Test
  void aForeignStagingDirectoryIsRefused() throws IOException {
    start("inproc", 1);
    Files.writeString(root.resolve("db/dwarf/IDENTITY"), UUID.randomUUID() + "\n1\n");
    FlushTask task = owner.task(null, null, someMemtable());
    assertThat(owner.submit(task)).isTrue();
    TaskStatus.Failed failed = (TaskStatus.Failed) owner.await(task);
    assertThat(failed.kind()).isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(failed.message()).contains("IDENTITY");
  }

  @Test
  void aRestartedMemoryNodeIsFoundAgain() throws IOException {
    start("inproc", 1);
    node.close();
    node = startNode(node.address());
    steps.await("worker.registered", 2);
    owner.client.attach(owner.database, TestOwner.EPOCH, 0);
    FlushTask task = owner.task(null, null, someMemtable());
    assertThat(owner.submit(task)).isTrue();
    assertThat(owner.await(task)).isInstanceOf(TaskStatus.Done.class);
  }

  @Test
  void closingGivesRunningTasksBack() throws IOException {
    start("inproc", 1);
    List<MemtableShards> memtable = someMemtable();
    steps.hold("worker.file-written");
    FlushTask task = owner.task(null, null, memtable);
    assertThat(owner.submit(task)).isTrue();
    steps.await("worker.file-written", 1);
    Thread closing = Thread.ofPlatform().start(worker::close);
    awaitAbandoned();
    steps.letGo();
    assertThat(((TaskStatus.Failed) owner.await(task)).kind()).isEqualTo(Kind.UNAVAILABLE);
    Threads.join(closing);
    assertThat(owner.staged()).isEmpty();
  }
}
