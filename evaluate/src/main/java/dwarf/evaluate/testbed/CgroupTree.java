package dwarf.evaluate.testbed;

import dwarf.evaluate.testbed.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where control groups are made and which of their files say what.
 *
 * <pre>
 *              version 1                                version 2
 * mounted      one tree per controller: cpu (quota),    one tree; its root lists "cpu" in
 *              cpuacct (usage), often the same tree     cgroup.controllers
 * enable       nothing                                  "+cpu" to cgroup.subtree_control
 * quota        cpu.cfs_period_us, cpu.cfs_quota_us      cpu.max: "QUOTA PERIOD"
 * no quota     -1                                       "max PERIOD"
 * usage        cpuacct.usage, in ns                     usage_usec in cpu.stat
 * processes    cgroup.procs                             cgroup.procs
 * </pre>
 *
 * Groups are made directly below the root of the tree, beside and not inside our own: below our own
 * group, version 2 would refuse ("no internal processes") until we had moved ourselves away.
 */
sealed interface CgroupTree {

  /**
   * Of the quota. The usual 100 ms would let a node with a quarter of a core run for 25 ms and then
   * stop it for 75, which no slow machine does and which would be most of what a latency shows.
   */
  int PERIOD_MICROS = 20_000;

  /** Below this the kernel refuses. */
  int MIN_QUOTA_MICROS = 1_000;

  String description();

  /** The directories in which a group has to be made. */
  List<Path> roots();

  /** What has to be done once before a quota can be set. */
  void enable(GroupFiles files) throws IOException;

  /** Sets the quota of a group; {@code cores} may be infinite. */
  void limit(GroupFiles files, String group, double cores) throws IOException;

  /** CPU time of all processes that are or were in the group; empty if the kernel keeps none. */
  Optional<Duration> usage(GroupFiles files, String group) throws IOException;

  /** The tree that {@code mounts} offer for CPU quotas, as far as one can see without trying. */
  static Optional<CgroupTree> find(List<Mount> mounts, GroupFiles files) {
    for (Mount mount : mounts) {
      if (mount.type().equals("cgroup2") && hasCpuController(mount.point(), files)) {
        return Optional.of(new V2(mount.point()));
      }
    }
    Optional<Path> cpu = controller(mounts, "cpu");
    return cpu.map(root -> new V1(root, controller(mounts, "cpuacct")));
  }

  private static boolean hasCpuController(Path root, GroupFiles files) {
    try {
      return List.of(files.read(root.resolve("cgroup.controllers")).split(" ", -1)).contains("cpu");
    } catch (IOException e) {
      // Without this file it is not the root of a tree of version 2 that could be used.
      return false;
    }
  }

  private static Optional<Path> controller(List<Mount> mounts, String name) {
    return mounts.stream()
        .filter(mount -> mount.type().equals("cgroup") && mount.options().contains(name))
        .map(Mount::point)
        .findFirst();
  }

  private static long quotaMicros(double cores) {
    return Math.max(MIN_QUOTA_MICROS, Math.round(cores * PERIOD_MICROS));
  }

  /** One tree per controller. */
  record V1(Path cpu, Optional<Path> accounting) implements CgroupTree {

    @Override
    public String description() {
      return "cgroup version 1 at " + cpu;
    }

    @Override
    public List<Path> roots() {
      List<Path> roots = new ArrayList<>(List.of(cpu));
      accounting.filter(root -> !root.equals(cpu)).ifPresent(roots::add);
      return roots;
    }

    @Override
    public void enable(GroupFiles files) {}

    @Override
    public void limit(GroupFiles files, String group, double cores) throws IOException {
      Path directory = cpu.resolve(group);
      String quota = Double.isInfinite(cores) ? "-1" : Long.toString(quotaMicros(cores));
      files.write(directory.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      files.write(directory.resolve("cpu.cfs_quota_us"), quota);
    }

    @Override
    public Optional<Duration> usage(GroupFiles files, String group) throws IOException {
      if (accounting.isEmpty()) {
        return Optional.empty();
      }
      String nanos = files.read(accounting.get().resolve(group).resolve("cpuacct.usage"));
      return Optional.of(Duration.ofNanos(Long.parseLong(nanos)));
    }
  }

  /** One tree for all controllers. */
  record V2(Path root) implements CgroupTree {

    @Override
    public String description() {
      return "cgroup version 2 at " + root;
    }

    @Override
    public List<Path> roots() {
      return List.of(root);
    }

    @Override
    public void enable(GroupFiles files) throws IOException {
      Path control = root.resolve("cgroup.subtree_control");
      if (!List.of(files.read(control).split(" ", -1)).contains("cpu")) {
        files.write(control, "+cpu");
      }
    }

    @Override
    public void limit(GroupFiles files, String group, double cores) throws IOException {
      String quota = Double.isInfinite(cores) ? "max" : Long.toString(quotaMicros(cores));
      String text = String.format(Locale.ROOT, "%s %d", quota, PERIOD_MICROS);
      files.write(root.resolve(group).resolve("cpu.max"), text);
    }

    @Override
    public Optional<Duration> usage(GroupFiles files, String group) throws IOException {
      String stat = files.read(root.resolve(group).resolve("cpu.stat"));
      return stat.lines()
          .filter(line -> line.startsWith("usage_usec "))
          .map(line -> Long.parseLong(line.substring("usage_usec ".length()).strip()))
          .map(micros -> Duration.ofNanos(micros * 1000))
          .findFirst();
    }
  }
}
