package dwarf.engine.stats;

import dwarf.base.ThreadStripes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Counters and gauges of one database; cheap to bump from any thread.
 *
 * <p>Idea: a thread counts on its own row ({@link ThreadStripes}), so that the cache line stays
 * with its processor. Rejected: a {@code LongAdder} for each counter. It has no more cells than
 * processors, and a single one until two threads meet there, so with more threads than processors
 * those that run often share one.
 */
public final class Statistics {

  private static final int COUNTERS = Counter.values().length;

  private static final int ROW = COUNTERS + ThreadStripes.GAP;
  private static final ThreadStripes ROWS = ThreadStripes.forProcessors();

  private final AtomicLongArray cells = new AtomicLongArray(ThreadStripes.GAP + ROWS.count() * ROW);
  private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

  public void add(Counter counter, long amount) {
    cells.getAndAdd(cell(ROWS.ofThread(), counter), amount);
  }

  public void increment(Counter counter) {
    add(counter, 1);
  }

  public long get(Counter counter) {
    long sum = 0;
    for (int row = 0; row < ROWS.count(); row++) {
      sum += cells.get(cell(row, counter));
    }
    return sum;
  }

  @SuppressWarnings("EnumOrdinal") // the place is of this process alone
  private static int cell(int row, Counter counter) {
    return ThreadStripes.GAP + row * ROW + counter.ordinal();
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
