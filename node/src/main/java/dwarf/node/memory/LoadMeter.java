package dwarf.node.memory;

import com.sun.management.OperatingSystemMXBean;
import dwarf.protocol.NodeLoad;
import java.lang.management.ManagementFactory;

/** Measures what every reply tells about the node. */
final class LoadMeter {

  private final DmPool pool;
  private final BoundedThreads readers;
  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private volatile int cpuPermille;

  LoadMeter(DmPool pool, BoundedThreads readers) {
    this.pool = pool;
    this.readers = readers;
  }

  /** Takes a new measure of the CPU; costs a system call or two, so not once per reply. */
  void sample() {
    double load = machine.getCpuLoad();
    cpuPermille = load < 0 || Double.isNaN(load) ? 0 : (int) Math.round(Math.min(1, load) * 1000);
  }

  NodeLoad now() {
    return new NodeLoad(readers.depth(), cpuPermille, pool.capacity(), pool.used());
  }
}
