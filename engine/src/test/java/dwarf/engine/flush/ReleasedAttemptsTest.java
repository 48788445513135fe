package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.engine.Await;
import dwarf.protocol.FlushTask;
import dwarf.protocol.TaskStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory node forgets an attempt when its job is over, and not before. */
class ReleasedAttemptsTest {

  @TempDir Path root;

  private static boolean isKnown(FlushFixture database, FlushTask task) {
    return !(database.worker.await(task.attempt(), Duration.ZERO) instanceof TaskStatus.Lost);
  }

  @Test
  void aFinishedAttemptIsReleased() {
    try (FlushFixture database = new FlushFixture(root)) {
      database.registerWorker();
      long last = database.fill(1);
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      FlushTask task = database.takeTask();
      database.complete(task);
      database.flush.awaitFlushed(FlushFixture.FAMILY, last);
      Await.until("the attempt is released", () -> !isKnown(database, task));
    }
  }

  /** A worker deletes its files when the node does not know the attempt of its repeated result. */
  @Test
  void aWorkerMayRepeatItsResultUntilTheInstall() {
    CountDownLatch verified = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    try (FlushFixture database =
        new FlushFixture(
            root,
            step -> {
              if (step.equals("install.verified")) {
                verified.countDown();
                Await.until("the install may go on", () -> mayGoOn.getCount() == 0);
              }
            })) {
      database.registerWorker();
      long last = database.fill(1);
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      FlushTask task = database.takeTask();
      database.complete(task);
      Await.until("the install is under way", () -> verified.getCount() == 0);
      database.complete(task);
      mayGoOn.countDown();
      database.flush.awaitFlushed(FlushFixture.FAMILY, last);
    }
  }

  @Test
  void aFailedAttemptIsReleased() {
    try (FlushFixture database = new FlushFixture(root)) {
      database.registerWorker();
      long last = database.fill(1);
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      FlushTask task = database.takeTask();
      database.fail(task, DwarfException.Kind.IO_ERROR);
      database.flush.awaitFlushed(FlushFixture.FAMILY, last);
      assertThat(isKnown(database, task)).isFalse();
    }
  }
}
