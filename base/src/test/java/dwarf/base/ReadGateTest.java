package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReadGateTest {

  /** An object that knows whether it has been reclaimed. */
  private static final class Guarded {
    volatile boolean reclaimed;
  }

  @Test
  void nothingIsReclaimedUnderAReader() throws Exception {
    ReadGate gate = new ReadGate();
    AtomicReference<Guarded> current = new AtomicReference<>(new Guarded());
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong violations = new AtomicLong();
    AtomicLong reads = new AtomicLong();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stop.get()) {
                      int token = gate.enter();
                      Guarded seen = current.get();
                      Thread.onSpinWait();
                      if (seen.reclaimed) {
                        violations.incrementAndGet();
                      }
                      gate.exit(token);
                      reads.incrementAndGet();
                    }
                  }));
    }
    for (int i = 0; i < 2_000; i++) {
      Guarded old = current.getAndSet(new Guarded());
      gate.synchronize();
      old.reclaimed = true;
    }
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(reads.get()).isPositive();
    assertThat(violations.get()).isZero();
  }

  @Test
  void synchronizeWaitsForTheReaderInside() throws Exception {
    ReadGate gate = new ReadGate();
    int token = gate.enter();
    AtomicBoolean done = new AtomicBoolean();
    Thread reclaimer =
        Thread.ofPlatform()
            .start(
                () -> {
                  gate.synchronize();
                  done.set(true);
                });
    while (reclaimer.getState() == Thread.State.NEW
        || reclaimer.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    assertThat(done).isFalse();
    gate.exit(token);
    reclaimer.join();
    assertThat(done).isTrue();
  }
}
