package dwarf.fabric;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Monotonic counters of one fabric; cheap to bump from any thread. */
public final class FabricCounters {

  private final Map<FabricCounter, LongAdder> counters;

  public FabricCounters() {
    Map<FabricCounter, LongAdder> all = new EnumMap<>(FabricCounter.class);
    for (FabricCounter counter : FabricCounter.values()) {
      all.put(counter, new LongAdder());
    }
    counters = Collections.unmodifiableMap(all);
  }

  public void add(FabricCounter counter, long amount) {
    counters.get(counter).add(amount);
  }

  public void increment(FabricCounter counter) {
    add(counter, 1);
  }

  public long get(FabricCounter counter) {
    return counters.get(counter).sum();
  }

  public Map<FabricCounter, Long> snapshot() {
    Map<FabricCounter, Long> values = new EnumMap<>(FabricCounter.class);
    counters.forEach((counter, value) -> values.put(counter, value.sum()));
    return values;
  }
}
