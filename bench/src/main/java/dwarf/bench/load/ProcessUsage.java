package dwarf.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this process has used of the machine, background threads of the engine included.
 *
 * @param values by name; the same names for every engine
 */
public record ProcessUsage(Map<String, Long> values) {

  private static final Path IO = Path.of("/proc/self/io");

  /** All since the process began. Bytes of storage are 0 where the system does not tell. */
  public static ProcessUsage now() {
    Map<String, Long> values = new LinkedHashMap<>();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    values.put("cpuMicros", system.getProcessCpuTime() / 1000);
    long collections = 0;
    long pauseMillis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += Math.max(0, collector.getCollectionCount());
      pauseMillis += Math.max(0, collector.getCollectionTime());
    }
    values.put("gcCount", collections);
    values.put("gcMillis", pauseMillis);
    values.put("storageReadBytes", io("read_bytes: "));
    values.put("storageWrittenBytes", io("write_bytes: "));
    return new ProcessUsage(values);
  }

  public ProcessUsage since(ProcessUsage earlier) {
    Map<String, Long> difference = new LinkedHashMap<>();
    values.forEach((name, value) -> difference.put(name, value - earlier.values.get(name)));
    return new ProcessUsage(difference);
  }

  private static long io(String name) {
    try {
      return Files.isReadable(IO)
          ? Files.readAllLines(IO).stream()
              .filter(line -> line.startsWith(name))
              .mapToLong(line -> Long.parseLong(line.substring(name.length())))
              .findFirst()
              .orElse(0)
          : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
