package dwarf.evaluate.testbed;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What everything of one testbed is called: {@code dwarf-evaluate-<pid>-<number>}. Groups, mounts
 * and directories outlive a process that is killed with -9; by their names a later run finds them,
 * and by the process id it sees that nobody needs them any more. An id that has been given to
 * another process since only keeps the leftover in place, which is harmless.
 */
record RunName(long pid, int number) {

  private static final Pattern TEXT = Pattern.compile("dwarf-evaluate-([0-9]{1,18})-[0-9]+(-.*)?");
  private static final AtomicInteger NEXT = new AtomicInteger(1);

  static RunName next() {
    return new RunName(ProcessHandle.current().pid(), NEXT.getAndIncrement());
  }

  /** Whether {@code name} belongs to a testbed whose process is gone. */
  static boolean isLeftover(String name) {
    Matcher parts = TEXT.matcher(name);
    return parts.matches() && ProcessHandle.of(Long.parseLong(parts.group(1))).isEmpty();
  }

  /** Whether {@code path} lies in a directory of a testbed whose process is gone. */
  static boolean isInLeftover(Path path) {
    for (Path part : path) {
      if (isLeftover(part.toString())) {
        return true;
      }
    }
    return false;
  }

  /** The name of a part of this testbed. */
  String of(String part) {
    return this + "-" + part;
  }

  @Override
  public String toString() {
    return "dwarf-evaluate-" + pid + "-" + number;
  }
}
