package dwarf.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LaneGateTest {

  private static final int LIMIT = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final LaneGate gate = new LaneGate();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void neverMoreAreInsideThanMayBeAndAllGetThrough() throws Exception {
    int threads = 8 * LIMIT;
    int passes = 20_000;
    AtomicLong done = new AtomicLong();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          start(
              i % 2 == 0,
              () -> {
                for (int n = 0; n < passes; n++) {
                  pass();
                  done.incrementAndGet();
                }
              }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(done.get()).isEqualTo((long) threads * passes);
    assertThat(most.get()).isBetween(1, LIMIT);
    assertThat(inside.get()).isZero();
  }

  /** Those who are running come back at once, and yet nobody who sleeps is forgotten. */
  @Test
  void whoSleepsGetsInAlthoughOthersComeBackAtOnce() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> greedy = new ArrayList<>();
    for (int i = 0; i < 2 * LIMIT; i++) {
      greedy.add(
          start(
              true,
              () -> {
                while (!stop.get()) {
                  pass();
                }
              }));
    }
    for (int n = 0; n < 50; n++) {
      pass();
    }
    stop.set(true);
    for (Thread thread : greedy) {
      thread.join();
    }
    assertThat(most.get()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void anInterruptIsKeptForTheCaller() throws Exception {
    for (int i = 0; i < LIMIT; i++) {
      gate.enter();
    }
    AtomicBoolean kept = new AtomicBoolean();
    Thread waiting =
        start(
            true,
            () -> {
              Thread.currentThread().interrupt();
              gate.enter();
              kept.set(Thread.currentThread().isInterrupted());
              gate.leave();
            });
    gate.leave();
    waiting.join();
    assertThat(kept).isTrue();
    for (int i = 1; i < LIMIT; i++) {
      gate.leave();
    }
  }

  private void pass() {
    gate.enter();
    int now = inside.incrementAndGet();
    most.accumulateAndGet(now, Math::max);
    inside.decrementAndGet();
    gate.leave();
  }

  private static Thread start(boolean platform, Runnable body) {
    return platform ? Thread.ofPlatform().start(body) : Thread.ofVirtual().start(body);
  }
}
