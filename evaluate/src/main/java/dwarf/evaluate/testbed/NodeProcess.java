package dwarf.evaluate.testbed;

import dwarf.process.ChildProcess;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A process of ours in a node.
 *
 * @param child to talk to it, and to end it
 * @param arguments its command line, without the JVM
 */
public record NodeProcess(ChildProcess child, List<String> jvmFlags, List<String> arguments) {

  /**
   * What to type to run the same by hand. Without the option that ties it to the life of whoever
   * started it, which would only end it at once in a script.
   */
  public String commandLine() {
    String flags =
        jvmFlags.isEmpty() ? "" : "DWARF_JAVA_OPTS=" + quote(String.join(" ", jvmFlags)) + " ";
    return flags
        + "./dwarf "
        + arguments.stream()
            .filter(argument -> !argument.equals(Daemons.EXIT_WITH_PARENT))
            .map(NodeProcess::quote)
            .collect(Collectors.joining(" "));
  }

  /** {@code text} as one word of a shell. */
  private static String quote(String text) {
    return text.matches("[A-Za-z0-9_./:=,@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
