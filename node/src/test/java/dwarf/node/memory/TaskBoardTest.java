package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.StepListener;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.Placement;
import dwarf.protocol.TaskStatus;
import dwarf.protocol.WorkerInfo;
import dwarf.protocol.WorkerRequests.Holder;
import dwarf.protocol.WorkerRequests.Taken;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TaskBoardTest {

  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration NOW = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final double BUSY_OWNER = 2;
  private static final long OWNER = 1;
  private static final long WORKER = 2;
  private static final UUID DATABASE = new UUID(1, 1);

  private final ManualClock clock = new ManualClock();
  private final TaskBoard board = new TaskBoard(clock, LEASE, StepListener.NONE);

  @Test
  void taskGoesToTheWaitingWorkerAndItsResultToTheWaitingOwner() {
    long worker = register("a", 1);
    CompletableFuture<Taken> taking = board.take(worker, LONG, WORKER);
    FlushTask task = task(1);
    assertThat(board.submit(task, BUSY_OWNER)).isEqualTo(new Placement(true, worker, "a"));
    assertThat(taking.join().task()).contains(task);
    CompletableFuture<TaskStatus> awaiting = board.await(task.attempt(), LONG, OWNER);
    assertThat(awaiting).isNotDone();
    board.complete(new Holder(worker, task.attempt()), result(task), WORKER);
    assertThat(awaiting.join()).isInstanceOf(TaskStatus.Done.class);
    assertThat(status(task)).isInstanceOf(TaskStatus.Done.class);
    assertThat(board.waitingCount()).isZero();
    board.cancel(task.attempt());
    assertThat(board.taskCount()).isZero();
  }

  @Test
  void leastLoadedWorkerGetsTheTaskAndABusyFieldIsDeclined() {
    long first = register("a", 2);
    long second = register("b", 2);
    Placement one = board.submit(task(1), BUSY_OWNER);
    Placement two = board.submit(task(2), BUSY_OWNER);
    assertThat(List.of(one.worker(), two.worker())).containsExactlyInAnyOrder(first, second);
    assertThat(board.submit(task(3), 0.25)).isEqualTo(Placement.DECLINED);
    assertThat(board.submit(task(4), BUSY_OWNER).placed()).isTrue();
    assertThat(board.submit(task(5), BUSY_OWNER).placed()).isTrue();
    assertThat(board.submit(task(6), Double.MAX_VALUE)).isEqualTo(Placement.DECLINED);
  }

  @Test
  void workerOverItsStorageCapIsMoreLoadedThanAnotherWithMoreTasks() {
    long slowDisk = register("a", 4);
    FlushTask running = task(1);
    board.submit(running, BUSY_OWNER);
    takeNow(slowDisk);
    board.heartbeat(new Holder(slowDisk, running.attempt()), 1, 200 << 20, WORKER);
    long idleDisk = register("b", 4);
    assertThat(board.submit(task(2), BUSY_OWNER).worker()).isEqualTo(idleDisk);
    assertThat(board.submit(task(3), BUSY_OWNER).worker()).isEqualTo(idleDisk);
  }

  @Test
  void repeatedSubmissionAndResultAreAnsweredLikeTheFirst() {
    long worker = register("a", 4);
    FlushTask task = task(1);
    Placement placement = board.submit(task, BUSY_OWNER);
    assertThat(board.submit(task, 0)).isEqualTo(placement);
    assertThat(board.taskCount()).isEqualTo(1);
    takeNow(worker);
    Holder holder = new Holder(worker, task.attempt());
    board.complete(holder, result(task), WORKER);
    board.complete(holder, result(task), WORKER);
    assertStale(
        () -> board.fail(holder, new TaskStatus.Failed(Kind.IO_ERROR, "changed its mind"), WORKER));
    assertThat(status(task)).isInstanceOf(TaskStatus.Done.class);
    assertThat(board.heartbeat(holder, 1, 1, WORKER)).isFalse();
  }

  @Test
  void silentAttemptIsLostAndItsLateResultRefused() {
    long worker = register("a", 2);
    FlushTask task = task(1);
    board.submit(task, BUSY_OWNER);
    takeNow(worker);
    CompletableFuture<TaskStatus> awaiting = board.await(task.attempt(), LONG, OWNER);
    Holder holder = new Holder(worker, task.attempt());
    for (int i = 0; i < 3; i++) {
      clock.advance(LEASE.dividedBy(2));
      assertThat(board.heartbeat(holder, i, 0, WORKER)).isTrue();
      board.tick();
    }
    clock.advance(LEASE.dividedBy(2));
    takeNow(worker);
    clock.advance(LEASE.dividedBy(2).plusNanos(1));
    board.tick();
    assertThat(awaiting.join()).isInstanceOf(TaskStatus.Lost.class);
    assertThat(board.heartbeat(holder, 9, 0, WORKER)).isFalse();
    assertStale(() -> board.complete(holder, result(task), WORKER));
    assertThat(board.taskCount()).isZero();
  }

  @Test
  void silentWorkerLosesEverythingAndRegistersAgain() {
    long worker = register("a", 2);
    FlushTask taken = task(1);
    FlushTask queued = task(2);
    board.submit(taken, BUSY_OWNER);
    takeNow(worker);
    board.submit(queued, BUSY_OWNER);
    clock.advance(LEASE.plusNanos(1));
    board.tick();
    assertThat(status(taken)).isInstanceOf(TaskStatus.Lost.class);
    assertThat(status(queued)).isInstanceOf(TaskStatus.Lost.class);
    assertStale(() -> board.take(worker, NOW, WORKER));
    assertThat(board.heartbeat(new Holder(worker, taken.attempt()), 0, 0, WORKER)).isFalse();
    assertThat(board.submit(task(3), BUSY_OWNER)).isEqualTo(Placement.DECLINED);
  }

  @Test
  void workerWhoseConnectionWentGetsNothingUntilItSpeaksAgain() {
    long worker = register("a", 2);
    FlushTask taken = task(1);
    FlushTask queued = task(2);
    board.submit(taken, BUSY_OWNER);
    takeNow(worker);
    board.submit(queued, BUSY_OWNER);
    board.closePeer(WORKER);
    assertThat(status(queued)).isInstanceOf(TaskStatus.Lost.class);
    assertThat(status(taken)).isInstanceOf(TaskStatus.Running.class);
    assertThat(board.submit(task(3), BUSY_OWNER)).isEqualTo(Placement.DECLINED);
    assertThat(board.heartbeat(new Holder(worker, taken.attempt()), 5, 0, 7)).isTrue();
    assertThat(board.submit(task(4), BUSY_OWNER).placed()).isTrue();
  }

  @Test
  void cancelledTaskIsAbandonedByItsWorker() {
    long worker = register("a", 2);
    FlushTask task = task(1);
    board.submit(task, BUSY_OWNER);
    takeNow(worker);
    CompletableFuture<TaskStatus> awaiting = board.await(task.attempt(), LONG, OWNER);
    board.cancel(task.attempt());
    board.cancel(task.attempt());
    assertThat(awaiting.join()).isInstanceOf(TaskStatus.Lost.class);
    Holder holder = new Holder(worker, task.attempt());
    assertThat(board.heartbeat(holder, 0, 0, WORKER)).isFalse();
    assertStale(() -> board.complete(holder, result(task), WORKER));
  }

  @Test
  void anotherWorkersAttemptCannotBeReported() {
    long worker = register("a", 2);
    FlushTask task = task(1);
    board.submit(task, BUSY_OWNER);
    takeNow(worker);
    long other = register("b", 2);
    assertStale(() -> board.complete(new Holder(other, task.attempt()), result(task), WORKER));
    assertThatThrownBy(
            () -> board.complete(new Holder(worker, task.attempt()), result(task(9)), WORKER))
        .isInstanceOf(DwarfException.class);
    assertThat(status(task)).isInstanceOf(TaskStatus.Running.class);
  }

  @Test
  void newEpochEndsTheTasksOfOlderOnes() {
    long worker = register("a", 4);
    FlushTask task = task(1);
    board.submit(task, BUSY_OWNER);
    takeNow(worker);
    board.endEpochsBelow(new UUID(7, 7), 100);
    board.endEpochsBelow(DATABASE, task.epoch());
    assertThat(status(task)).isInstanceOf(TaskStatus.Running.class);
    board.endEpochsBelow(DATABASE, task.epoch() + 1);
    assertThat(status(task)).isInstanceOf(TaskStatus.Lost.class);
    assertThat(board.heartbeat(new Holder(worker, task.attempt()), 0, 0, WORKER)).isFalse();
  }

  @Test
  void waitsEndInTimeAndAreBounded() {
    long worker = register("a", 1);
    FlushTask task = task(1);
    CompletableFuture<Taken> idle = board.take(worker, Duration.ofSeconds(2), WORKER);
    assertThatThrownBy(() -> board.take(worker, LONG, WORKER))
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(Kind.BUSY);
    clock.advance(Duration.ofSeconds(2));
    board.tick();
    assertThat(idle.join().task()).isEmpty();
    board.submit(task, BUSY_OWNER);
    takeNow(worker);
    CompletableFuture<TaskStatus> patient =
        board.await(task.attempt(), Duration.ofDays(1_000_000), OWNER);
    for (Duration waited = NOW;
        waited.compareTo(TaskBoard.MAX_WAIT) < 0;
        waited = waited.plus(LEASE)) {
      clock.advance(LEASE);
      board.heartbeat(new Holder(worker, task.attempt()), 77, 0, WORKER);
      board.tick();
    }
    assertThat(patient.join()).isEqualTo(new TaskStatus.Running(77));
    assertThat(board.waitingCount()).isZero();
  }

  @Test
  void callsOfAConnectionThatWentAreForgotten() {
    long worker = register("a", 1);
    CompletableFuture<Taken> gone = board.take(worker, LONG, WORKER);
    board.closePeer(WORKER);
    assertThat(board.waitingCount()).isZero();
    CompletableFuture<Taken> back = board.take(worker, LONG, 7);
    FlushTask task = task(1);
    assertThat(board.submit(task, BUSY_OWNER).placed()).isTrue();
    assertThat(back.join().task()).contains(task);
    assertThat(gone).isNotDone();
  }

  @Test
  void outcomeIsKeptForAWhileAndThenForgotten() {
    long worker = register("a", 1);
    FlushTask task = task(1);
    board.submit(task, BUSY_OWNER);
    takeNow(worker);
    board.fail(
        new Holder(worker, task.attempt()), new TaskStatus.Failed(Kind.IO_ERROR, "x"), WORKER);
    clock.advance(LEASE.multipliedBy(2));
    board.tick();
    assertThat(status(task)).isEqualTo(new TaskStatus.Failed(Kind.IO_ERROR, "x"));
    clock.advance(TaskBoard.MAX_WAIT.multipliedBy(3));
    board.tick();
    assertThat(status(task)).isInstanceOf(TaskStatus.Lost.class);
    assertThat(board.taskCount()).isZero();
  }

  private long register(String name, int slots) {
    WorkerInfo info = new WorkerInfo(name, slots, 100 << 20, "11.8.1", WorkerInfo.BYTEWISE);
    return board.register(info, WORKER).worker();
  }

  private void takeNow(long worker) {
    assertThat(board.take(worker, NOW, WORKER)).isDone();
  }

  private TaskStatus status(FlushTask task) {
    return board.await(task.attempt(), NOW, OWNER).join();
  }

  private static FlushTask task(int number) {
    return new FlushTask(
        DATABASE,
        5,
        0,
        "default",
        1,
        number,
        new UUID(9, number),
        "stage",
        "OPTIONS",
        null,
        null,
        List.of());
  }

  private static FlushResult result(FlushTask task) {
    return new FlushResult(task.attempt(), "a", List.of(), 0, 0);
  }

  private static void assertStale(ThrowingCallable call) {
    assertThatThrownBy(call)
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(Kind.STALE_HANDLE);
  }
}
