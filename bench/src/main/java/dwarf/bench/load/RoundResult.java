package dwarf.bench.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One run of one benchmark, all threads together.
 *
 * @param name of the call
 */
public record RoundResult(
    String name,
    int round,
    int threads,
    Totals totals,
    Background background,
    Map<OpType, Histogram> latencies,
    OverTime overTime,
    EngineFigures figures) {

  /**
   * What the measured threads did together.
   *
   * @param seconds from the first thread's start to the last one's end
   * @param threadSeconds of all threads together
   * @param looked keys looked for, of which {@code found} were there
   */
  public record Totals(
      long operations, double seconds, double threadSeconds, long bytes, long looked, long found) {

    public double opsPerSecond() {
      return seconds <= 0 ? 0 : operations / seconds;
    }

    /** As in db_bench: the time a thread spends on one, so it grows with the number of threads. */
    public double microsPerOp() {
      return operations == 0 ? 0 : threadSeconds * 1e6 / operations;
    }

    public double megabytesPerSecond() {
      return seconds <= 0 ? 0 : bytes / 1048576.0 / seconds;
    }
  }

  /** How it went. */
  public record OverTime(List<Timeline.Point> operations, List<MemoryTimeline.Point> memory) {}

  /** What the thread beside the measured ones did; zeros if there was none. */
  public record Background(long operations, long bytes) {}

  /**
   * What the engine and the process tell about themselves.
   *
   * @param statistics how the engine's own counters changed
   * @param tier properties of RocksDB at the end
   * @param process how the use of the machine changed
   */
  public record EngineFigures(
      Map<String, Long> statistics, Map<String, Long> tier, Map<String, Long> process) {}
}
