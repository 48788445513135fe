package dwarf.node.memory;

import static dwarf.node.memory.NodeHarness.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException.Kind;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.Placement;
import dwarf.protocol.SstFileInfo;
import dwarf.protocol.TaskStatus;
import dwarf.protocol.WorkerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flush tasks from an owner to a worker and back, over every transport. */
abstract class TaskFlowContract {

  private static final UUID DATABASE = new UUID(1, 2);
  private static final long EPOCH = 5;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Executor THREADS = work -> Thread.ofVirtual().start(work);

  private final String scheme;
  private NodeHarness harness;
  private MemoryNodeClient owner;
  private MemoryNodeClient worker;

  TaskFlowContract(String scheme) {
    this.scheme = scheme;
  }

  @BeforeEach
  void start() {
    harness = new NodeHarness(scheme, config -> config.withRocksVersion("11.8.1"));
    owner = harness.client();
    worker = harness.client();
    owner.attach(DATABASE, EPOCH, 0);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void resultTravelsFromTheWorkerToTheWaitingOwner() {
    long id = worker.register(info("11.8.1", WorkerInfo.BYTEWISE)).worker();
    CompletableFuture<Optional<FlushTask>> taking =
        CompletableFuture.supplyAsync(() -> worker.take(id, LONG), THREADS);
    FlushTask task = task(EPOCH);
    assertThat(owner.submit(task, 1)).isEqualTo(new Placement(true, id, "w"));
    FlushTask taken = taking.join().orElseThrow();
    assertThat(taken.attempt()).isEqualTo(task.attempt());
    assertThat(taken.start()).isEqualTo(task.start());
    assertThat(worker.heartbeat(id, task.attempt(), 100, 1000)).isTrue();
    assertThat(owner.await(task.attempt(), Duration.ZERO)).isEqualTo(new TaskStatus.Running(100));
    CompletableFuture<TaskStatus> awaiting =
        CompletableFuture.supplyAsync(() -> owner.await(task.attempt(), LONG), THREADS);
    worker.complete(id, task.attempt(), result(task));
    worker.complete(id, task.attempt(), result(task));
    TaskStatus.Done done = (TaskStatus.Done) awaiting.join();
    assertThat(done.result().files()).extracting(SstFileInfo::name).containsExactly("a.dsst");
    assertThat(harness.steps)
        .containsSubsequence("memory-node.task-placed", "memory-node.task-completed");
  }

  @Test
  void failureOfTheWorkerReachesTheOwner() {
    long id = worker.register(info("11.8.1", WorkerInfo.BYTEWISE)).worker();
    FlushTask task = task(EPOCH);
    owner.submit(task, 1);
    assertThat(worker.take(id, LONG)).isPresent();
    worker.fail(id, task.attempt(), Kind.IO_ERROR, "x".repeat(100_000));
    TaskStatus.Failed failed = (TaskStatus.Failed) owner.await(task.attempt(), LONG);
    assertThat(failed.kind()).isEqualTo(Kind.IO_ERROR);
  }

  @Test
  void lostLeaseShowsAtBothEnds() {
    long id = worker.register(info("11.8.1", WorkerInfo.BYTEWISE)).worker();
    FlushTask task = task(EPOCH);
    owner.submit(task, 1);
    assertThat(worker.take(id, LONG)).isPresent();
    CompletableFuture<TaskStatus> awaiting =
        CompletableFuture.supplyAsync(() -> owner.await(task.attempt(), LONG), THREADS);
    harness.clock.advance(NodeHarness.TASK_LEASE.plusMillis(1));
    assertThat(awaiting.join()).isEqualTo(new TaskStatus.Lost());
    assertThat(worker.heartbeat(id, task.attempt(), 100, 1000)).isFalse();
    assertKind(Kind.STALE_HANDLE, () -> worker.complete(id, task.attempt(), result(task)));
    assertKind(Kind.STALE_HANDLE, () -> worker.take(id, Duration.ZERO));
  }

  @Test
  void takeoverEndsTheTasksOfTheOldOwner() {
    long id = worker.register(info("11.8.1", WorkerInfo.BYTEWISE)).worker();
    FlushTask task = task(EPOCH);
    owner.submit(task, 1);
    assertThat(worker.take(id, LONG)).isPresent();
    harness.client().attach(DATABASE, EPOCH + 1, 0);
    assertThat(worker.heartbeat(id, task.attempt(), 100, 1000)).isFalse();
    assertThat(owner.await(task.attempt(), LONG)).isEqualTo(new TaskStatus.Lost());
    assertKind(Kind.FENCED, () -> owner.submit(task(EPOCH), 1));
  }

  @Test
  void workersWhoseFilesWouldNotFitAreRejected() {
    assertKind(Kind.NOT_SUPPORTED, () -> worker.register(info("11.8.1", "rev")));
    assertKind(Kind.NOT_SUPPORTED, () -> worker.register(info("10.0.0", WorkerInfo.BYTEWISE)));
    assertThat(owner.submit(task(EPOCH), 100)).isEqualTo(Placement.DECLINED);
  }

  @Test
  void waitsOverTheWireEndWhenTheyShould() {
    long id = worker.register(info("11.8.1", WorkerInfo.BYTEWISE)).worker();
    CompletableFuture<Optional<FlushTask>> taking =
        CompletableFuture.supplyAsync(() -> worker.take(id, Duration.ofSeconds(1)), THREADS);
    Eventually.holds(
        "the wait is over",
        () -> {
          harness.clock.advance(Duration.ofMillis(200));
          return taking.isDone();
        });
    assertThat(taking.join()).isEmpty();
    assertThat(owner.await(UUID.randomUUID(), LONG)).isEqualTo(new TaskStatus.Lost());
  }

  private static WorkerInfo info(String rocksVersion, String comparator) {
    return new WorkerInfo("w", 1, 1 << 20, rocksVersion, comparator);
  }

  private static FlushTask task(long epoch) {
    return new FlushTask(
        DATABASE,
        epoch,
        0,
        "default",
        1,
        0,
        UUID.randomUUID(),
        "stage",
        "OPTIONS",
        new byte[] {1},
        null,
        List.of());
  }

  private static FlushResult result(FlushTask task) {
    SstFileInfo file = new SstFileInfo("a.dsst", 10, 1, new byte[] {1}, new byte[] {2}, 3);
    return new FlushResult(task.attempt(), "w", List.of(file), 20, 10);
  }
}
