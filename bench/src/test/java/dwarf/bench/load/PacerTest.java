package dwarf.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Clock;
import dwarf.bench.engine.Durability;
import dwarf.bench.keys.KeyDistribution;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The schedule, and the latencies that count from it, with a clock that only moves when told. */
class PacerTest {

  private static final long MILLI = 1_000_000;

  private long now = 1_000_000_000_000L;
  private final Clock clock = () -> now;
  private final Pacer.Pause pause = due -> now = due;

  @Test
  void operationsAreDueAtEqualDistances() {
    long start = now;
    Pacer pacer = new Pacer(clock, pause, start, 10 * MILLI);
    for (int i = 0; i < 100; i++) {
      assertThat(pacer.await(1)).isEqualTo(start + i * 10L * MILLI);
      assertThat(now).isEqualTo(start + i * 10L * MILLI);
    }
  }

  @Test
  void aBatchTakesThePlaceOfItsOperations() {
    long start = now;
    Pacer pacer = new Pacer(clock, pause, start, MILLI);
    assertThat(pacer.await(10)).isEqualTo(start);
    assertThat(pacer.await(10)).isEqualTo(start + 10 * MILLI);
  }

  @Test
  void threadsTakeTurns() {
    long start = System.nanoTime();
    assertThat(Pacer.shared(1000, 0, 4, start).await(1)).isEqualTo(start);
    assertThat(Pacer.shared(1000, 3, 4, start).await(1)).isEqualTo(start + 3 * MILLI);
    Pacer second = Pacer.shared(1000, 1, 4, start);
    assertThat(second.await(1)).isEqualTo(start + MILLI);
    assertThat(second.await(1)).isEqualTo(start + 5 * MILLI);
  }

  @Test
  void anUnevenIntervalDoesNotDrift() {
    long start = now;
    Pacer pacer = new Pacer(clock, pause, start, 1e9 / 3);
    long due = 0;
    for (int i = 0; i <= 3_000; i++) {
      due = pacer.await(1);
    }
    assertThat(due - start).isEqualTo(1_000_000_000_000L);
  }

  /** Each takes 1 ms and is due every 10 ms; the eleventh stalls for 100 ms. */
  @Test
  void aStallShowsInEveryOperationThatWasDueMeanwhile() {
    Worker worker = worker(new Pacer(clock, pause, now, 10 * MILLI));
    run(worker);
    Histogram latency = worker.recorder().latencies().get(OpType.READ);
    assertThat(latency.getTotalCount()).isEqualTo(100);
    assertThat(milliseconds(latency.getMaxValue())).isEqualTo(100);
    // 100 ms, then 91, 82, 73 ...: each starts 9 ms less late than the one before.
    assertThat(milliseconds(latency.getValueAtPercentile(99))).isEqualTo(91);
    assertThat(milliseconds(latency.getValueAtPercentile(95))).isEqualTo(55);
    assertThat(milliseconds(latency.getValueAtPercentile(50))).isEqualTo(1);
  }

  /** The same without a schedule: the stall is one slow operation in a hundred. */
  @Test
  void withoutAScheduleLatencyCountsFromTheEndOfTheOneBefore() {
    Worker worker = worker(null);
    run(worker);
    Histogram latency = worker.recorder().latencies().get(OpType.READ);
    assertThat(milliseconds(latency.getMaxValue())).isEqualTo(100);
    assertThat(milliseconds(latency.getValueAtPercentile(99))).isEqualTo(1);
  }

  private void run(Worker worker) {
    worker.start();
    for (int i = 0; worker.begin(1) > 0; i++) {
      now += i == 10 ? 100 * MILLI : MILLI;
      worker.end(OpType.READ, 1, 0);
    }
  }

  private Worker worker(Pacer pacer) {
    Workload workload =
        new Workload(
            new Workload.Amounts(100, 100, 100, 100, false),
            new Workload.Shape(16, 100, 0.5, KeyDistribution.UNIFORM),
            new Workload.Mix(1, 0, 90),
            new Workload.Pace(1, 0, new Workload.SomeSeconds(0, 0), 0, 0),
            new Durability(false, false),
            1);
    Worker.Setting setting = new Worker.Setting(workload, 1, null, null, null, null, null);
    return new Worker(setting, Budget.operations(100, () -> false), pacer, clock);
  }

  /** Rounded, since the histogram keeps three digits. */
  private static long milliseconds(long nanos) {
    return Math.round(nanos / (double) MILLI);
  }
}
