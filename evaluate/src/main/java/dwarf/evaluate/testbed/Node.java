package dwarf.evaluate.testbed;

import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An emulated machine: processes that share a CPU quota and a path to the storage. Made and closed
 * by its {@link Testbed}. Thread-safe.
 */
public final class Node {

  private final NodeSpec spec;
  private final StoragePath storage;
  private final CpuGroup group;
  private final Children children;
  private final CpuTimes times = new CpuTimes();
  private final List<NodeProcess> processes = new CopyOnWriteArrayList<>();

  Node(NodeSpec spec, StoragePath storage, CpuGroup group, Children children) {
    this.spec = spec;
    this.storage = storage;
    this.group = group;
    this.children = children;
  }

  public NodeSpec spec() {
    return spec;
  }

  /**
   * Starts a process of this node, with the quota from its first instruction on.
   *
   * @param name of the process and of its log; unique in the testbed
   */
  public NodeProcess start(String name, List<String> jvmFlags, List<String> arguments) {
    List<String> command = group.wrap(children.command(jvmFlags, arguments));
    ChildProcess child = children.start(name, command);
    times.add(child.pid());
    NodeProcess process = new NodeProcess(child, List.copyOf(jvmFlags), List.copyOf(arguments));
    processes.add(process);
    return process;
  }

  /** Every process that was started here. */
  public List<NodeProcess> processes() {
    return List.copyOf(processes);
  }

  /** The shared directory, as this node sees it. */
  public Path storage() {
    return storage.path();
  }

  /** The path to the storage, for what went over it. */
  public StoragePath storagePath() {
    return storage;
  }

  /**
   * CPU time its processes have used, ended ones included; to be asked before the testbed closes.
   */
  public Duration cpu() {
    return group.used().orElseGet(times::total);
  }

  /** No CPU quota until {@link #restoreQuota} has been called as often as this. */
  public void liftQuota() {
    group.lift();
  }

  /** Undoes one {@link #liftQuota}. */
  public void restoreQuota() {
    group.restore();
  }

  CpuGroup group() {
    return group;
  }

  void sampleCpu() {
    times.sample();
  }
}
