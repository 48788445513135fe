package dwarf.process;

import dwarf.base.DwarfException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Command lines of the daemons, for commands that start them as their children. */
public final class DaemonArguments {

  /** Ends a daemon with the process that started it. */
  public static final String EXIT_WITH_PARENT = "--exit-with-parent";

  /** A daemon's data lies outside of the heap. */
  public static final List<String> JVM_FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");

  private static final Pattern ADDRESS = Pattern.compile("ready on (?:tcp://)?([^,\\s]+)");

  private DaemonArguments() {}

  /** A memory node that lends {@code poolSize}; port 0 lets the system choose one. */
  public static List<String> memoryNode(String listen, String poolSize) {
    return List.of("memory-node", "--listen", listen, "--pool", poolSize, EXIT_WITH_PARENT);
  }

  /** A worker called {@code name} for {@code memoryNode}. */
  public static List<String> worker(String memoryNode, Path storage, String name, int slots) {
    return List.of(
        "worker",
        "--memory-node",
        memoryNode,
        "--storage",
        storage.toString(),
        "--slots",
        Integer.toString(slots),
        "--name",
        name,
        EXIT_WITH_PARENT);
  }

  /** Where a memory node listens, from the line that it prints when it is ready. */
  public static String addressIn(String readyLine) {
    Matcher ready = ADDRESS.matcher(readyLine);
    if (!ready.find()) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL,
          "the memory node did not say where it listens: " + readyLine);
    }
    return ready.group(1);
  }
}
