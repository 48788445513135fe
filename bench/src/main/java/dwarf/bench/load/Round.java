package dwarf.bench.load;

import dwarf.base.Clock;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.BenchWriter;
import dwarf.bench.engine.Durability;
import dwarf.bench.keys.Values;
import dwarf.process.ProcessMemory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/** Runs one benchmark once on an open database. */
final class Round {

  private static final int SAMPLE_MILLIS = 100;
  private static final int SAMPLES_PER_LOOK_AT_MEMORY = 5;

  private final Benchmark benchmark;
  private final Workload workload;
  private final BenchEngine engine;
  private final Values values;
  private final long seed;
  private final Crew crew;
  private final Timeline timeline = new Timeline();
  private final MemoryTimeline memory = new MemoryTimeline();
  private final List<Worker> workers = new ArrayList<>();
  private Worker background;

  /**
   * @param seed differs from that of other rounds, so that reads do not repeat the choices of
   *     writes
   */
  Round(Benchmark benchmark, Workload workload, BenchEngine engine, Values values, long seed) {
    this.benchmark = benchmark;
    this.workload = workload;
    this.engine = engine;
    this.values = values;
    this.seed = seed;
    this.crew = new Crew(workload.pace().threads(), benchmark.hasWriterBeside() ? 1 : 0);
  }

  List<Recorder> run(RoundListener listener) {
    Durability durability =
        new Durability(
            workload.durability().sync() || benchmark.syncs(), workload.durability().disableWal());
    List<BenchWriter> writers = new ArrayList<>();
    try {
      enlist(durability, writers);
      crew.start();
      watch(listener);
    } finally {
      // A thread that still runs may use its writer: after an interruption they are left open.
      if (crew.await(0)) {
        writers.forEach(BenchWriter::close);
      }
    }
    crew.check(benchmark.text());
    return workers.stream().map(Worker::recorder).toList();
  }

  private void enlist(Durability durability, List<BenchWriter> writers) {
    int threads = workload.pace().threads();
    long start = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int thread = 0; thread <= threads; thread++) {
      boolean measured = thread < threads;
      if (!measured && !benchmark.hasWriterBeside()) {
        break;
      }
      BenchWriter writer = engine.newWriter(durability);
      writers.add(writer);
      Worker.Setting setting = setting(thread, writer, random.split());
      Worker worker =
          measured
              ? new Worker(setting, budget(start), pacer(thread, start), Clock.SYSTEM)
              : new Worker(
                  setting,
                  Budget.told(this::backgroundMayEnd),
                  backgroundPacer(start),
                  Clock.SYSTEM);
      crew.add(
          "bench-" + benchmark.text() + "-" + thread,
          measured,
          () -> {
            worker.start();
            if (measured) {
              benchmark.run(worker);
            } else {
              Writing.background(worker);
            }
          });
      if (measured) {
        workers.add(worker);
      } else {
        background = worker;
      }
    }
  }

  /** However fast the others are, it has been beside them. */
  private boolean backgroundMayEnd() {
    return crew.measuredAreDone() && background.recorder().operations() > 0;
  }

  /**
   * @param random split off: with seeds a constant apart, threads would choose the same keys, one
   *     choice behind each other
   */
  private Worker.Setting setting(int thread, BenchWriter writer, SplittableRandom random) {
    Workload.Shape shape = workload.shape();
    long num = workload.amounts().num();
    return new Worker.Setting(
        workload,
        benchmark.batchSize(workload),
        engine,
        writer,
        shape.distribution().codec(shape.keySize(), num),
        shape.distribution().sequence(num, thread, workload.pace().threads(), random),
        values.source(random));
  }

  private Budget budget(long start) {
    int seconds = workload.pace().seconds();
    BooleanSupplier failed = crew::hasFailed;
    return seconds > 0 && benchmark.runsByTime()
        ? Budget.until(start + seconds * 1_000_000_000L, failed)
        : Budget.operations(benchmark.operations(workload.amounts()), failed);
  }

  private Pacer pacer(int thread, long start) {
    Workload.Pace pace = workload.pace();
    return pace.opsPerSecond() == 0
        ? null
        : Pacer.shared(pace.opsPerSecond(), thread, pace.threads(), start);
  }

  private Pacer backgroundPacer(long start) {
    long limit = workload.pace().backgroundBytesPerSecond();
    double entry = (double) workload.shape().keySize() + workload.shape().valueSize();
    return limit == 0 ? null : Pacer.shared(limit / entry, 0, 1, start);
  }

  private void watch(RoundListener listener) {
    long start = System.nanoTime();
    long before = 0;
    boolean ended = false;
    lookAtMemory(start);
    for (int sample = 1; !ended; sample++) {
      ended = crew.await(SAMPLE_MILLIS);
      if (ended || sample % SAMPLES_PER_LOOK_AT_MEMORY == 0) {
        lookAtMemory(start);
      }
      long nanos = System.nanoTime() - start;
      long operations = workers.stream().mapToLong(worker -> worker.recorder().progress()).sum();
      timeline.add(nanos, operations - before);
      before = operations;
      listener.progress(benchmark, nanos / 1e9, operations);
    }
  }

  private void lookAtMemory(long start) {
    long resident = ProcessMemory.resident().orElse(0);
    memory.add(new MemoryTimeline.Point(System.nanoTime() - start, engine.memory(), resident));
  }

  /** Of the threads that are measured. */
  RoundResult.Totals totals() {
    List<Recorder> recorders = workers.stream().map(Worker::recorder).toList();
    long start = recorders.stream().mapToLong(Recorder::startNanos).min().orElseThrow();
    long nanos =
        recorders.stream().mapToLong(recorder -> recorder.endNanos() - start).max().orElseThrow();
    long threadNanos =
        recorders.stream().mapToLong(recorder -> recorder.endNanos() - recorder.startNanos()).sum();
    return new RoundResult.Totals(
        recorders.stream().mapToLong(Recorder::operations).sum(),
        nanos / 1e9,
        threadNanos / 1e9,
        recorders.stream().mapToLong(Recorder::bytes).sum(),
        recorders.stream().mapToLong(Recorder::looked).sum(),
        recorders.stream().mapToLong(Recorder::found).sum());
  }

  RoundResult.Background background() {
    return background == null
        ? new RoundResult.Background(0, 0)
        : new RoundResult.Background(
            background.recorder().operations(), background.recorder().bytes());
  }

  /** Of all threads, the one beside the measured ones included: what it does, those do not. */
  Map<OpType, Histogram> latencies() {
    List<Worker> all = new ArrayList<>(workers);
    if (background != null) {
      all.add(background);
    }
    Map<OpType, Histogram> merged = new EnumMap<>(OpType.class);
    for (Worker worker : all) {
      worker
          .recorder()
          .latencies()
          .forEach(
              (type, histogram) ->
                  merged.merge(
                      type,
                      histogram.copy(),
                      (sum, more) -> {
                        sum.add(more);
                        return sum;
                      }));
    }
    return merged;
  }

  RoundResult.OverTime overTime() {
    return new RoundResult.OverTime(timeline.points(), memory.points());
  }
}
