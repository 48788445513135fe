package dwarf.wal.owner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Reads {@code /proc}. A process is dead if, since the same boot and in the same process-id
 * namespace, its id is free or belongs to a process with another start; or if its machine has
 * booted since. The second proof rests on the machine id, which images of containers and virtual
 * machines copy; so it is used only between processes outside of containers on hosts of one name.
 *
 * <p>The start is taken from the kernel in ticks since boot. {@code ProcessHandle} computes a wall
 * clock time from it, which differs between two programs when the clock has been set in between.
 */
final class LinuxHost implements Host {

  private static final Path PROC = Path.of("/proc");

  /** The kernel's fixed inode of the namespace that is not inside of any other. */
  private static final String ROOT_NAMESPACE = "pid:[4026531836]";

  /** Position of the state behind the command name in the stat line, and of the start time. */
  private static final int STATE_FIELD = 0;

  private static final int START_FIELD = 19;

  private final HostStamp self;

  LinuxHost() {
    long pid = ProcessHandle.current().pid();
    String[] stat = stat(pid);
    self =
        new HostStamp(
            line(Path.of("/etc/machine-id")),
            line(PROC.resolve("sys/kernel/random/boot_id")),
            pidNamespace(),
            pid,
            stat.length > START_FIELD ? Long.parseLong(stat[START_FIELD]) : 0,
            line(PROC.resolve("sys/kernel/hostname")));
  }

  @Override
  public HostStamp self() {
    return self;
  }

  @Override
  public Liveness judge(HostStamp other) {
    if (self.isSameBoot(other)) {
      boolean isVisible =
          !self.pidNamespace().isEmpty() && self.pidNamespace().equals(other.pidNamespace());
      return isVisible ? judgeProcess(other) : Liveness.UNKNOWN;
    }
    boolean hasRebooted =
        !self.machineId().isEmpty()
            && self.machineId().equals(other.machineId())
            && !self.bootId().isEmpty()
            && !other.bootId().isEmpty()
            && self.hostName().equals(other.hostName())
            && self.pidNamespace().equals(ROOT_NAMESPACE)
            && other.pidNamespace().equals(ROOT_NAMESPACE);
    return hasRebooted ? Liveness.DEAD : Liveness.UNKNOWN;
  }

  private static Liveness judgeProcess(HostStamp other) {
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return Liveness.UNKNOWN;
    }
    String[] stat = stat(other.pid());
    if (stat.length <= START_FIELD) {
      return ProcessHandle.of(other.pid()).isPresent() ? Liveness.UNKNOWN : Liveness.DEAD;
    }
    if (other.startTicks() != 0 && Long.parseLong(stat[START_FIELD]) != other.startTicks()) {
      return Liveness.DEAD;
    }
    boolean hasEnded = stat[STATE_FIELD].equals("Z") || stat[STATE_FIELD].equals("X");
    return hasEnded && threads(other.pid()) <= 1 ? Liveness.DEAD : Liveness.ALIVE;
  }

  /** The fields behind the command name; none if there is no such process. */
  private static String[] stat(long pid) {
    String line = line(PROC.resolve(Long.toString(pid)).resolve("stat"));
    int nameEnd = line.lastIndexOf(')');
    return nameEnd < 0 ? new String[0] : line.substring(nameEnd + 1).strip().split(" ", -1);
  }

  /** A dead process still counts as alive while a thread of it hangs in the kernel. */
  private static long threads(long pid) {
    try (Stream<Path> tasks = Files.list(PROC.resolve(Long.toString(pid)).resolve("task"))) {
      return tasks.count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static String pidNamespace() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** The first line; empty if the file cannot be read, which then proves nothing. */
  private static String line(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
