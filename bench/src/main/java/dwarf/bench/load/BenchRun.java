package dwarf.bench.load;

import dwarf.bench.engine.BenchEngine;
import dwarf.bench.keys.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs benchmarks one after the other on one database. Knows the database only as far as the checks
 * need it: whether all keys of the key space exist.
 */
public final class BenchRun {

  private static final List<String> TIER_PROPERTIES =
      List.of(
          "rocksdb.estimate-num-keys",
          "rocksdb.total-sst-files-size",
          "rocksdb.live-sst-files-size",
          "rocksdb.cur-size-all-mem-tables",
          "rocksdb.num-immutable-mem-table",
          "rocksdb.estimate-pending-compaction-bytes",
          "rocksdb.block-cache-usage",
          "rocksdb.is-write-stopped");

  private final Database database;
  private final Workload workload;
  private final RoundListener listener;
  private final Consumer<Stage> stages;
  private final Values values;
  private boolean allExist;
  private boolean touched;
  private int rounds;

  /**
   * A run on that database.
   *
   * @param fresh whether the database has just been made
   * @param stages is told before warm-ups and before what counts
   */
  public BenchRun(
      Database database,
      boolean fresh,
      Workload workload,
      RoundListener listener,
      Consumer<Stage> stages) {
    this.stages = stages;
    this.touched = !fresh;
    this.database = database;
    this.workload = workload;
    this.listener = listener;
    this.values = new Values(workload.shape().valueSize(), workload.shape().compressionRatio());
  }

  /** Runs the benchmark as often as asked; gives each result as soon as it is known. */
  public void run(BenchmarkCall call, Consumer<RoundResult> results) {
    if (call.benchmark().wantsFresh() && touched) {
      database.recreate();
      allExist = false;
    }
    touched = true;
    Workload measured = workload.of(call);
    if (call.warmUps() > 0) {
      warmUp(call, measured);
    }
    stages.accept(Stage.MEASURED);
    for (int number = 1; number <= call.rounds(); number++) {
      results.accept(round(call, measured, number));
    }
  }

  /**
   * What the process made while it started is collected here, or some collection would copy it in
   * the middle of what counts, for either engine: the only long pause there is on a small
   * processor. Not behind the warm-ups, which give the heap back what a full collection takes. Each
   * warm-up begins as what counts will begin, since what happens once in a run, its start and its
   * end, must have happened before: compiled code that has not met it is thrown away there.
   */
  private void warmUp(BenchmarkCall call, Workload workload) {
    System.gc();
    stages.accept(Stage.WARM_UP);
    for (int warmUp = 0; warmUp < call.warmUps(); warmUp++) {
      round(call, workload.warmingUp(), 0);
      if (call.benchmark().wantsFresh()) {
        database.recreate();
        allExist = false;
      }
    }
  }

  /** Does it, outside of any measurement; the seconds it took. */
  public double run(MetaOperation operation) {
    long start = System.nanoTime();
    operation.run(database.engine());
    return (System.nanoTime() - start) / 1e9;
  }

  private RoundResult round(BenchmarkCall call, Workload workload, int number) {
    Benchmark benchmark = call.benchmark();
    BenchEngine engine = database.engine();
    rounds++;
    long seed = workload.seed() * 31 + rounds;
    Round round = new Round(benchmark, workload, engine, values, seed);
    Map<String, Long> before = database.statistics();
    ProcessUsage usageBefore = ProcessUsage.now();
    List<Recorder> threads = round.run(listener);
    ProcessUsage used = ProcessUsage.now().since(usageBefore);
    new Verification(benchmark, workload, allExist).check(threads);
    allExist = benchmark.fillsAll(workload) || (allExist && !benchmark.deletes());
    return new RoundResult(
        call.name(),
        number,
        workload.pace().threads(),
        round.totals(),
        round.background(),
        round.latencies(),
        round.overTime(),
        new RoundResult.EngineFigures(
            changes(before, database.statistics()), tier(engine), used.values()));
  }

  private static Map<String, Long> changes(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> changes = new LinkedHashMap<>();
    after.forEach(
        (name, value) -> {
          long change = value - before.getOrDefault(name, 0L);
          if (change != 0) {
            changes.put(name, change);
          }
        });
    return changes;
  }

  private static Map<String, Long> tier(BenchEngine engine) {
    Map<String, Long> properties = new LinkedHashMap<>();
    TIER_PROPERTIES.forEach(name -> properties.put(name, engine.property(name)));
    return properties;
  }
}
