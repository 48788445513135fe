package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedThreadsTest {

  @Test
  void fullQueueRefusesAndEmptiesAgain() {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    try (BoundedThreads threads = new BoundedThreads("test", 2, 3, Duration.ofNanos(1000))) {
      for (int i = 0; i < 2; i++) {
        threads.execute(() -> awaitThenCount(gate, ran));
      }
      Eventually.holds("both threads are at work", () -> threads.depth() == 0);
      for (int i = 0; i < 3; i++) {
        threads.execute(ran::incrementAndGet);
      }
      assertThat(threads.depth()).isEqualTo(3);
      NodeHarness.assertKind(Kind.BUSY, () -> threads.execute(ran::incrementAndGet));
      gate.countDown();
      Eventually.holds("everything accepted has run", () -> ran.get() == 5);
      threads.execute(ran::incrementAndGet);
      Eventually.holds("and what came later", () -> ran.get() == 6);
    }
  }

  @Test
  void closedThreadsTakeNothingMore() {
    BoundedThreads threads = new BoundedThreads("test", 1, 3, Duration.ofNanos(1000));
    threads.close();
    NodeHarness.assertKind(Kind.BUSY, () -> threads.execute(() -> {}));
  }

  @Test
  void aSpinningThreadNoticesThatItIsClosed() {
    BoundedThreads threads = new BoundedThreads("spinner", 1, 3, Duration.ofDays(1));
    Eventually.holds("the thread spins", () -> isIn("spin"));
    Thread closing = Thread.ofPlatform().daemon().start(threads::close);
    Eventually.holds("closed before the spin's end", () -> !closing.isAlive());
  }

  /** Whether the thread is somewhere inside that method. */
  private static boolean isIn(String method) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("spinner-0"))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  private static void awaitThenCount(CountDownLatch gate, AtomicInteger ran) {
    try {
      gate.await();
      ran.incrementAndGet();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }
}
