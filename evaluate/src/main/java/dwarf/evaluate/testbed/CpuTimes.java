package dwarf.evaluate.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU time of processes, asked from each: for systems that do not count it per group. What a
 * process used after it was last asked is lost when it ends, so {@link #sample} is called often.
 * Thread-safe.
 */
final class CpuTimes {

  private final List<ProcessHandle> alive = new ArrayList<>();
  private final Map<ProcessHandle, Duration> used = new HashMap<>();

  synchronized void add(long pid) {
    ProcessHandle.of(pid).ifPresent(alive::add);
  }

  synchronized void sample() {
    for (ProcessHandle process : alive) {
      process.info().totalCpuDuration().ifPresent(time -> used.put(process, time));
    }
    alive.removeIf(process -> !process.isAlive());
  }

  synchronized Duration total() {
    sample();
    return used.values().stream().reduce(Duration.ZERO, Duration::plus);
  }
}
