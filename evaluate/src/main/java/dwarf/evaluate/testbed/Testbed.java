package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import dwarf.base.FileTree;
import dwarf.process.Children;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disaggregated system on one machine: nodes with CPU quotas and throttled paths to a shared
 * directory, and our processes in them. What the machine does not allow is left out, and {@link
 * #emulation} says so.
 *
 * <p>Everything ends with the testbed, in this order: processes, mounts, control groups, directory.
 * A mount in use is not unmounted cleanly, a group with processes is not removed, and a directory
 * with a mount in it must not be deleted. The order holds on {@link #close}, on a failure halfway
 * through {@link #open} or {@link #node}, and when this process is told to stop. After kill -9 the
 * processes see the end of their input and stop; the rest is found by its name ({@link RunName})
 * and removed by the next testbed on this machine.
 *
 * <p>Thread-safe: one lock for making and closing, none while processes start.
 */
public final class Testbed implements AutoCloseable {

  private final MountTable mounts;
  private final TestbedDirectory directory;
  private final RunName run;
  private final CpuQuotas quotas;
  private final StoragePaths storages;
  private final Children children;
  private final CpuSampler sampler = new CpuSampler();
  private final List<Emulation> leftovers;
  private final List<Node> nodes = new ArrayList<>();
  private final Thread hook = Thread.ofPlatform().name("close-testbed").unstarted(this::closeAll);
  private boolean closed;

  private Testbed(Class<?> mainClass, TestbedDirectory directory, RunName run, Machine machine) {
    this.directory = directory;
    this.run = run;
    mounts = machine.mounts();
    quotas = CpuQuotas.detect(mounts, machine.groups(), run);
    storages = StoragePaths.detect(directory, mounts, machine.bindfs());
    leftovers = Leftovers.remove(directory.root().getParent(), mounts, quotas);
    children = new Children(mainClass, directory.logs());
  }

  /**
   * Makes a testbed in {@code working}, which is created if need be.
   *
   * @param mainClass what the processes run; their arguments are those of {@code ./dwarf}
   */
  public static Testbed open(Class<?> mainClass, Path working) {
    return open(mainClass, working, Machine.thisOne());
  }

  static Testbed open(Class<?> mainClass, Path working, Machine machine) {
    RunName run = RunName.next();
    TestbedDirectory directory = TestbedDirectory.create(working, run);
    try {
      Testbed testbed = new Testbed(mainClass, directory, run, machine);
      Runtime.getRuntime().addShutdownHook(testbed.hook);
      return testbed;
    } catch (DwarfException | IllegalStateException e) {
      directory.remove(machine.mounts());
      throw e;
    }
  }

  /** No other testbed on this machine is called so. */
  public String name() {
    return run.toString();
  }

  /** Makes a node. */
  public synchronized Node node(NodeSpec spec) {
    if (closed) {
      throw new DwarfException(DwarfException.Kind.CLOSED, "the testbed has been closed");
    }
    if (nodes.stream().anyMatch(node -> node.spec().name().equals(spec.name()))) {
      throw DwarfException.invalid("there is a node " + spec.name() + " already");
    }
    CpuGroup group = quotas.group(spec.name(), spec.cores());
    try {
      StoragePath storage = storages.path(spec.name(), spec.storageBytesPerSecond());
      Node node = new Node(spec, storage, group, children);
      nodes.add(node);
      sampler.add(node);
      return node;
    } catch (DwarfException e) {
      group.close();
      throw e;
    }
  }

  /** The directory behind the paths of all nodes. */
  public Path backing() {
    return directory.store();
  }

  /** Removes {@code name} and all in it from the storage, for every node. */
  public void discard(String name) {
    FileTree.remove(directory.store().resolve(name));
  }

  /** Where the processes log: NAME.log each. These files stay. */
  public Path logs() {
    return directory.logs();
  }

  /** What is emulated and how, and what is not and why. */
  public List<Emulation> emulation() {
    List<Emulation> all = new ArrayList<>();
    all.add(quotas.emulation());
    all.add(storages.emulation());
    all.add(
        Emulation.missing(
            "network",
            "the processes talk over the loopback interface, with its latency and without a limit;"
                + " that needs machines of their own"));
    all.add(
        Emulation.note(
            "memory",
            "what a node may hold is set by the flags of its processes and by the pool of the"
                + " memory node, not by a limit of the system"));
    all.addAll(leftovers);
    return all;
  }

  /** Ends everything; idempotent. The logs stay. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already; closing takes turns with it.
      closeAll();
      return;
    }
    closeAll();
  }

  private synchronized void closeAll() {
    if (closed) {
      return;
    }
    closed = true;
    CloseAll all = new CloseAll();
    all.close(children);
    all.close(sampler);
    nodes.forEach(node -> all.close(node.storagePath()));
    nodes.forEach(node -> all.close(node.group()));
    all.close(() -> directory.remove(mounts));
    all.throwFirst();
  }
}
