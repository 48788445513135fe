package dwarf.bench.load;

import dwarf.base.Clock;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.BenchWriter;
import dwarf.bench.keys.KeyCodec;
import dwarf.bench.keys.KeySequence;
import dwarf.bench.keys.Values;

/**
 * What the body of a benchmark has in its hands, one per thread: keys, values, the database, and
 * the frame around each operation. {@link #begin} asks whether another operation may begin and
 * waits for its turn; {@link #end} closes it. Without a rate limit the latency of an operation
 * counts from the end of the one before, as in db_bench; with one, from when it was due.
 */
final class Worker {

  /** What does not change during a run. */
  record Setting(
      Workload workload,
      int batchSize,
      BenchEngine engine,
      BenchWriter writer,
      KeyCodec codec,
      KeySequence keys,
      Values.Source values) {}

  private final Setting setting;
  private final Budget budget;
  private final Pacer pacer;
  private final Clock clock;
  private final Recorder recorder = new Recorder();
  private long opStart;
  private long lastEnd;

  /**
   * @param pacer null: as fast as possible
   */
  Worker(Setting setting, Budget budget, Pacer pacer, Clock clock) {
    this.setting = setting;
    this.budget = budget;
    this.pacer = pacer;
    this.clock = clock;
  }

  void start() {
    lastEnd = clock.nanoTime();
    recorder.start(lastEnd);
  }

  /** How many of {@code most} operations to do now, in one call; 0: the benchmark is over. */
  int begin(int most) {
    int granted = budget.take(most, lastEnd);
    opStart = pacer == null || granted == 0 ? lastEnd : pacer.await(granted);
    return granted;
  }

  void end(OpType type, int operations, long bytes) {
    lastEnd = clock.nanoTime();
    recorder.bytes(bytes);
    recorder.done(type, operations, lastEnd - opStart, lastEnd);
  }

  void looked(boolean found) {
    recorder.looked(found);
  }

  Workload workload() {
    return setting.workload();
  }

  int batchSize() {
    return setting.batchSize();
  }

  BenchEngine engine() {
    return setting.engine();
  }

  BenchWriter writer() {
    return setting.writer();
  }

  KeyCodec codec() {
    return setting.codec();
  }

  /** Indexes as the key distribution says. */
  KeySequence keys() {
    return setting.keys();
  }

  /** All indexes from the first. */
  KeySequence inOrder() {
    return KeySequence.ascending(0, workload().amounts().num());
  }

  byte[] randomKey() {
    return codec().encode(keys().next());
  }

  byte[] value() {
    return setting.values().next();
  }

  Recorder recorder() {
    return recorder;
  }
}
