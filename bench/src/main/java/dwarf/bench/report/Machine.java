package dwarf.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What the run ran on. */
public final class Machine {

  private Machine() {}

  public static JsonNode describe() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ObjectNode machine = JsonNodeFactory.instance.objectNode();
    machine.put("cpus", Runtime.getRuntime().availableProcessors());
    machine.put("memoryBytes", system.getTotalMemorySize());
    machine.put("os", property("os.name") + " " + property("os.version"));
    machine.put("architecture", property("os.arch"));
    machine.put("jvm", property("java.vm.name") + " " + property("java.runtime.version"));
    machine.put("heapBytes", Runtime.getRuntime().maxMemory());
    ArrayNode flags = machine.putArray("jvmFlags");
    ManagementFactory.getRuntimeMXBean().getInputArguments().forEach(flags::add);
    return machine;
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }
}
