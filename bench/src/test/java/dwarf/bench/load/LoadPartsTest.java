package dwarf.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.bench.engine.Durability;
import dwarf.bench.engine.MemoryUse;
import dwarf.bench.keys.KeyDistribution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The small parts: calls, budgets, timelines, and the check that operations were real. */
class LoadPartsTest {

  @Test
  void callsAreParsedAsInDbBench() {
    assertThat(Step.parse("fillseq, readrandom[X3],flush,,seekrandom[W2-X5]"))
        .containsExactly(
            new BenchmarkCall(Benchmark.FILLSEQ, 1, 0, Map.of()),
            new BenchmarkCall(Benchmark.READRANDOM, 3, 0, Map.of()),
            MetaOperation.FLUSH,
            new BenchmarkCall(Benchmark.SEEKRANDOM, 5, 2, Map.of()));
    assertThatThrownBy(() -> Step.parse("fillseq,nonsense"))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("'nonsense'")
        .hasMessageContaining("readwhilewriting");
  }

  @Test
  void aCallMayHaveSettingsOfItsOwn() {
    BenchmarkCall call =
        (BenchmarkCall)
            Step.parse(
                    "fillrandom[W1-writes=7-X2-threads=4-disable_wal=1-batch_size=3-seek_nexts=5"
                        + "-warmup_seconds=6]")
                .getFirst();
    assertThat(call.name())
        .isEqualTo(
            "fillrandom[threads=4-writes=7-batch_size=3-seek_nexts=5-disable_wal=1-warmup_seconds=6]");
    Workload its = workload().of(call);
    assertThat(its.pace().threads()).isEqualTo(4);
    assertThat(its.amounts().writes()).isEqualTo(7);
    assertThat(its.mix()).isEqualTo(new Workload.Mix(3, 5, 90));
    assertThat(its.durability().disableWal()).isTrue();
    assertThat(its.warmingUp().pace().seconds()).isEqualTo(6);
    assertThat(its.pace().seconds()).isZero();
    BenchmarkCall synced = (BenchmarkCall) Step.parse("fillsync[writes=7]").getFirst();
    assertThat(synced.benchmark().operations(workload().of(synced).amounts())).isEqualTo(7);
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertBad("fillrandom[threads=0]", "threads=0", "1 to 1024");
    assertBad("fillrandom[num=5]", "'num'", "seek_nexts");
    assertBad("fillrandom[threads]", "NAME[W1-X3-threads=4]");
    assertBad("fillrandom[disable_wal=2]", "0 to 1");
  }

  private static void assertBad(String text, String... said) {
    assertThatThrownBy(() -> Step.parse(text))
        .isInstanceOf(DwarfException.class)
        .hasMessageContainingAll(said);
  }

  @Test
  void theLastBatchIsCutSoThatTheCountIsExact() {
    Budget budget = Budget.operations(25, () -> false);
    assertThat(List.of(budget.take(10, 0), budget.take(10, 0), budget.take(10, 0)))
        .containsExactly(10, 10, 5);
    assertThat(budget.take(10, 0)).isZero();
  }

  @Test
  void aBudgetEndsByTimeOrWhenTold() {
    Budget timed = Budget.until(100, () -> false);
    assertThat(timed.take(10, 99)).isEqualTo(10);
    assertThat(timed.take(10, 100)).isZero();
    boolean[] stop = new boolean[1];
    Budget told = Budget.told(() -> stop[0]);
    assertThat(told.take(1, 0)).isEqualTo(1);
    stop[0] = true;
    assertThat(told.take(1, 0)).isZero();
  }

  @Test
  void aTimelineStaysSmallAndLosesNoOperation() {
    Timeline timeline = new Timeline();
    int samples = Timeline.MOST_POINTS * 10;
    for (int i = 1; i <= samples; i++) {
      timeline.add(i * 100L, 3);
    }
    List<Timeline.Point> points = timeline.points();
    assertThat(points).hasSizeBetween(Timeline.MOST_POINTS / 2 - 1, Timeline.MOST_POINTS);
    long counted = points.stream().mapToLong(Timeline.Point::operations).sum();
    assertThat(counted * 100).isEqualTo(3 * points.getLast().endNanos());
  }

  @Test
  void memoryOverTimeStaysSmallAndEven() {
    MemoryTimeline timeline = new MemoryTimeline();
    for (int i = 0; i < MemoryTimeline.MOST_POINTS * 10; i++) {
      timeline.add(new MemoryTimeline.Point(i, new MemoryUse(i, 0, 0), 0));
    }
    List<Long> times = timeline.points().stream().map(MemoryTimeline.Point::nanos).toList();
    assertThat(times)
        .hasSizeBetween(MemoryTimeline.MOST_POINTS / 2, MemoryTimeline.MOST_POINTS)
        .isSorted();
    assertThat(times.get(2) - times.get(1)).isEqualTo(times.get(1) - times.get(0));
    assertThat(times.getLast()).isGreaterThan(MemoryTimeline.MOST_POINTS * 9L);
  }

  @Test
  void countsAndFindingsThatCannotBeAreRefused() {
    assertRefused(Benchmark.FILLRANDOM, false, recorder(99, 0, 0), "did 99 operations of 100");
    assertRefused(Benchmark.READRANDOM, false, recorder(100, 100, 0), "found none");
    assertRefused(Benchmark.READRANDOM, true, recorder(100, 100, 99), "only 99 of 100");
    assertRefused(Benchmark.READMISSING, false, recorder(100, 100, 1), "never written");
    assertRefused(Benchmark.READSEQ, true, recorder(98, 98, 98), "98 entries of 100");
    assertRefused(Benchmark.READSEQ, false, recorder(0, 0, 0), "found none");
    Recorder good = recorder(100, 100, 60);
    new Verification(Benchmark.READRANDOM, workload(), false).check(List.of(good, good));
    List<Recorder> uneven = List.of(recorder(60, 60, 60), recorder(61, 61, 61));
    assertThatThrownBy(() -> new Verification(Benchmark.READSEQ, workload(), false).check(uneven))
        .hasMessageContaining("in another");
  }

  private static void assertRefused(
      Benchmark benchmark, boolean allExist, Recorder recorder, String why) {
    Verification verification = new Verification(benchmark, workload(), allExist);
    assertThatThrownBy(() -> verification.check(List.of(recorder)))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining(benchmark.text())
        .hasMessageContaining(why);
  }

  private static Recorder recorder(int operations, int looked, int found) {
    Recorder recorder = new Recorder();
    for (int i = 0; i < operations; i++) {
      recorder.done(OpType.READ, 1, 10, i);
    }
    for (int i = 0; i < looked; i++) {
      recorder.looked(i < found);
    }
    return recorder;
  }

  private static Workload workload() {
    return new Workload(
        new Workload.Amounts(100, 100, 100, 100, false),
        new Workload.Shape(16, 100, 0.5, KeyDistribution.UNIFORM),
        new Workload.Mix(1, 0, 90),
        new Workload.Pace(1, 0, new Workload.SomeSeconds(0, 0), 0, 0),
        new Durability(false, false),
        1);
  }
}
