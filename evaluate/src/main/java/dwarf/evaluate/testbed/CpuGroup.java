package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes that share a quota of CPU time.
 *
 * <p>A process is in its group from its first instruction on ({@link #wrap}), so that a JVM sizes
 * itself by the quota and no CPU time goes uncounted. A daemon whose start is not to be measured
 * starts while the quota is lifted ({@link #lift}), and not outside of the group: moving it in
 * later would lose what it used until then. Thread-safe.
 */
public final class CpuGroup implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /** Enters the groups whose files come before "--", then becomes the command behind it. */
  private static final String ENTER =
      "while [ \"$1\" != -- ]; do echo 0 > \"$1\" || exit 126; shift; done; shift; exec \"$@\"";

  private final Optional<Control> control;
  private final double cores;
  private int lifted;

  CpuGroup(Optional<Control> control, double cores) {
    this.control = control;
    this.cores = cores;
  }

  /** {@code command}, run inside this group. */
  public List<String> wrap(List<String> command) {
    if (control.isEmpty()) {
      return command;
    }
    List<String> wrapped = new ArrayList<>(List.of("/bin/sh", "-c", ENTER, "enter-group"));
    control.get().directories().forEach(group -> wrapped.add(group + "/cgroup.procs"));
    wrapped.add("--");
    wrapped.addAll(command);
    return wrapped;
  }

  /** No quota until {@link #restore} has been called as often as this. */
  public synchronized void lift() {
    lifted++;
    setQuota();
  }

  /** Undoes one {@link #lift}. */
  public synchronized void restore() {
    lifted = Math.max(0, lifted - 1);
    setQuota();
  }

  /** Tells the system. */
  synchronized void setQuota() {
    if (control.isPresent()) {
      control.get().limit(lifted == 0 ? cores : NodeSpec.UNLIMITED_CORES);
    }
  }

  /** CPU time of all its processes, ended ones too; empty if the system does not count that. */
  public Optional<Duration> used() {
    return control.flatMap(Control::usage);
  }

  /** Removes the group, waiting for its processes to be gone; they must have been stopped. */
  @Override
  public void close() {
    control.ifPresent(Control::remove);
  }

  /** One group of the system. */
  record Control(GroupFiles files, CgroupTree tree, String name) {

    List<Path> directories() {
      return tree.roots().stream().map(root -> root.resolve(name)).toList();
    }

    void limit(double cores) {
      try {
        tree.limit(files, name, cores);
      } catch (IOException e) {
        throw DwarfException.io("cannot set a quota of " + cores + " cores: " + e, e);
      }
    }

    Optional<Duration> usage() {
      try {
        return tree.usage(files, name);
      } catch (IOException e) {
        throw DwarfException.io("cannot read the CPU time of group " + name + ": " + e, e);
      }
    }

    /** A process that has ended stays in its group for a moment, so this tries for a while. */
    void remove() {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (Path directory : directories()) {
        while (Files.isDirectory(directory)) {
          try {
            files.remove(directory);
          } catch (IOException e) {
            if (System.nanoTime() - deadline > 0) {
              throw DwarfException.io(
                  "cannot remove the control group " + directory + ": " + e + "; a later run will",
                  e);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
          }
        }
      }
    }
  }
}
