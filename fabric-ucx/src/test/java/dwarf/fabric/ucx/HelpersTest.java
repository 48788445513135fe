package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who polls and who stands back, with a worker that does what the test says. */
@Timeout(60)
class HelpersTest {

  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONG = TimeUnit.SECONDS.toNanos(30);

  private final AtomicInteger steps = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private volatile boolean stopped;
  private volatile Runnable step = () -> {};
  private volatile boolean progress;
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::look);
  private final Helpers helpers =
      new Helpers(
          thread,
          PATIENCE,
          () -> {
            steps.incrementAndGet();
            step.run();
            return progress;
          });

  /** What the thread does: it counts when it need not stand back. */
  private void look() {
    while (!stopped) {
      if (!helpers.standBack()) {
        looks.incrementAndGet();
        LockSupport.parkNanos(100_000);
      }
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    stopped = true;
    if (thread.isAlive()) {
      thread.join();
    }
  }

  @Test
  void aCallerPollsUntilItsOperationIsDone() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    step =
        () -> {
          if (steps.get() == 100) {
            future.complete(null);
          }
        };
    helpers.help(future, LONG);
    assertThat(future).isDone();
    assertThat(steps).hasValue(100);
  }

  @Test
  void itGivesUpWhenNothingHappensOrItsTimeIsUp() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    long start = System.nanoTime();
    helpers.help(never, LONG);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(PATIENCE);
    progress = true;
    helpers.help(never, PATIENCE);
    assertThat(never).isNotDone();
  }

  @Test
  void aVirtualThreadDoesNotPollAndNeitherDoesASecondCaller() throws InterruptedException {
    CompletableFuture<Void> future = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> helpers.help(future, LONG)).join();
    assertThat(steps).hasValue(0);
    progress = true;
    Thread first = Thread.ofPlatform().start(() -> helpers.help(future, LONG));
    Await.until("the first polls", () -> steps.get() > 0);
    helpers.help(future, LONG);
    assertThat(future).isNotDone();
    future.complete(null);
    first.join();
  }

  @Test
  void theThreadStandsBackWhileACallerPollsAndComesBackWhenItGivesUp() {
    thread.start();
    Await.until("the thread looks", () -> looks.get() > 0);
    CompletableFuture<Void> future = new CompletableFuture<>();
    progress = true;
    Thread caller = Thread.ofPlatform().start(() -> helpers.help(future, PATIENCE * 10));
    Await.until("the caller polls", () -> steps.get() > 0);
    Await.until(
        "the thread stands back",
        () -> {
          int before = looks.get();
          LockSupport.parkNanos(5_000_000);
          return looks.get() == before;
        });
    Await.until("the caller has given up", () -> !caller.isAlive());
    int before = looks.get();
    Await.until("the thread is back", () -> looks.get() > before);
  }

  @Test
  void theThreadIsThereForThoseWhoSleep() {
    thread.start();
    helpers.help(new CompletableFuture<>(), 1);
    helpers.sleeps();
    int before = looks.get();
    Await.until("the thread looks", () -> looks.get() > before);
    helpers.sleptEnough();
  }
}
