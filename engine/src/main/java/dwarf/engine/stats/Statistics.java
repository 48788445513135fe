package dwarf.engine.stats;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters and gauges of one database; cheap to bump from any thread. */
public final class Statistics {

  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
  private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

  public Statistics() {
    for (Counter counter : Counter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  public void add(Counter counter, long amount) {
    counters.get(counter).add(amount);
  }

  public void increment(Counter counter) {
    counters.get(counter).increment();
  }

  public long get(Counter counter) {
    return counters.get(counter).sum();
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
