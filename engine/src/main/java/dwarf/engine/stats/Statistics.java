package dwarf.engine.stats;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Counters and gauges of one database; cheap to bump from any thread.
 *
 * <p>Idea: a thread counts on its own row, so that the cache line stays with its processor. There
 * are several rows for each processor, and ids in a row go to different ones. Rejected: a {@code
 * LongAdder} for each counter. It has no more cells than processors, and a single one until two
 * threads meet there, so with more threads than processors those that run often share one.
 */
public final class Statistics {

  private static final int COUNTERS = Counter.values().length;

  /** Between the counters of two rows, so that they share no cache line, nor a pair of them. */
  private static final int GAP = 16;

  private static final int ROW = COUNTERS + GAP;
  private static final int ROWS =
      Integer.highestOneBit(Math.max(4, 8 * Runtime.getRuntime().availableProcessors()));

  /** Of a spread id the topmost bits, which differ most among ids in a row. */
  private static final int SHIFT = Long.numberOfLeadingZeros(ROWS) + 1;

  private final AtomicLongArray cells = new AtomicLongArray(GAP + ROWS * ROW);
  private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

  public void add(Counter counter, long amount) {
    int row = (int) ((Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L) >>> SHIFT);
    cells.getAndAdd(cell(row, counter), amount);
  }

  public void increment(Counter counter) {
    add(counter, 1);
  }

  public long get(Counter counter) {
    long sum = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += cells.get(cell(row, counter));
    }
    return sum;
  }

  @SuppressWarnings("EnumOrdinal") // the place is of this process alone
  private static int cell(int row, Counter counter) {
    return GAP + row * ROW + counter.ordinal();
  }

  /** Registers a value that is read when asked for. */
  public void gauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  /** Every counter and gauge by name, counters in their declared order. */
  public Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Counter counter : Counter.values()) {
      all.put(counter.text(), get(counter));
    }
    gauges.forEach((name, value) -> all.put(name, value.getAsLong()));
    return all;
  }
}
