package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CPU quotas by control groups, if this machine allows them. Whether it does is found out by making
 * a group with a quota and removing it: rights, read-only mounts and controllers that are not
 * enabled show only then.
 */
public final class CpuQuotas {

  private static final String REMEDY =
      "Run it as root on Linux with control groups that can be written (in a container: with"
          + " --privileged and the host's control groups).";

  private final GroupFiles files;
  private final RunName run;
  private final Optional<CgroupTree> tree;
  private final String missing;

  private CpuQuotas(GroupFiles files, RunName run, Optional<CgroupTree> tree, String missing) {
    this.files = files;
    this.run = run;
    this.tree = tree;
    this.missing = missing;
  }

  /** What {@code mounts} offer; groups are called after {@code run}. */
  static CpuQuotas detect(MountTable mounts, GroupFiles files, RunName run) {
    Optional<CgroupTree> found = CgroupTree.find(mounts.mounts(), files);
    if (found.isEmpty()) {
      return new CpuQuotas(files, run, found, "no control groups for the CPU are mounted");
    }
    String probe = run.of("probe");
    try {
      found.get().enable(files);
      try {
        make(files, found.get(), probe);
        found.get().limit(files, probe, 0.5);
      } finally {
        removeIfThere(files, found.get(), probe);
      }
    } catch (IOException e) {
      String what = "a group with a quota cannot be made (" + e + ")";
      return new CpuQuotas(files, run, Optional.empty(), what);
    }
    return new CpuQuotas(files, run, found, "");
  }

  boolean available() {
    return tree.isPresent();
  }

  Emulation emulation() {
    return tree.map(
            found ->
                Emulation.emulated(
                    "cpu",
                    "a node's processes share a quota of CPU time per "
                        + CgroupTree.PERIOD_MICROS / 1000
                        + " ms ("
                        + found.description()
                        + ")"))
        .orElseGet(
            () ->
                Emulation.missing(
                    "cpu",
                    "every node may use all cores of this machine: " + missing + ". " + REMEDY));
  }

  /** A group with a quota of {@code cores}; one without effect where quotas are not available. */
  public CpuGroup group(String name, double cores) {
    if (tree.isEmpty()) {
      return new CpuGroup(Optional.empty(), cores);
    }
    CpuGroup.Control control = new CpuGroup.Control(files, tree.get(), run.of(name));
    try {
      make(files, tree.get(), run.of(name));
      CpuGroup group = new CpuGroup(Optional.of(control), cores);
      group.setQuota();
      return group;
    } catch (IOException | DwarfException e) {
      control.remove();
      throw DwarfException.io("cannot make a CPU group for " + name + ": " + e.getMessage(), e);
    }
  }

  /** Removes empty groups of runs that are gone; returns their names. */
  List<String> removeLeftovers() {
    List<String> removed = new ArrayList<>();
    for (Path root : tree.map(CgroupTree::roots).orElse(List.of())) {
      try (DirectoryStream<Path> groups =
          Files.newDirectoryStream(root, each -> isLeftover(each))) {
        for (Path group : groups) {
          if (removeIfEmpty(group)) {
            removed.add(group.toString());
          }
        }
      } catch (IOException e) {
        throw DwarfException.io("cannot list the control groups in " + root + ": " + e, e);
      }
    }
    return removed;
  }

  private static boolean isLeftover(Path group) {
    return Files.isDirectory(group) && RunName.isLeftover(group.getFileName().toString());
  }

  private boolean removeIfEmpty(Path group) {
    try {
      files.remove(group);
      return true;
    } catch (IOException e) {
      // A process of that run still lives in it; its group is then not ours to touch.
      return false;
    }
  }

  private static void make(GroupFiles files, CgroupTree tree, String group) throws IOException {
    for (Path root : tree.roots()) {
      files.make(root.resolve(group));
    }
  }

  private static void removeIfThere(GroupFiles files, CgroupTree tree, String group)
      throws IOException {
    for (Path root : tree.roots()) {
      if (Files.isDirectory(root.resolve(group))) {
        files.remove(root.resolve(group));
      }
    }
  }
}
