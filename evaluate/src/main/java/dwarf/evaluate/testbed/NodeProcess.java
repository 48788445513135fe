package dwarf.evaluate.testbed;

import dwarf.process.ChildProcess;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A process of ours in a node.
 *
 * @param child to talk to it, and to end it
 * @param arguments its command line, without the JVM
 */
public record NodeProcess(ChildProcess child, List<String> jvmFlags, List<String> arguments) {

  private static final Set<String> FOR_ITS_PARENT =
      Set.of(Daemons.EXIT_WITH_PARENT, "--stage_signals=true");

  /**
   * What to type to run the same by hand. Without the options that tie it to whoever started it:
   * alone it would end at once, or wait for ever to be told to go on.
   */
  public String commandLine() {
    String flags =
        jvmFlags.isEmpty() ? "" : "DWARF_JAVA_OPTS=" + quote(String.join(" ", jvmFlags)) + " ";
    return flags
        + "./dwarf "
        + arguments.stream()
            .filter(argument -> !FOR_ITS_PARENT.contains(argument))
            .map(NodeProcess::quote)
            .collect(Collectors.joining(" "));
  }

  /** {@code text} as one word of a shell. */
  private static String quote(String text) {
    return text.matches("[A-Za-z0-9_./:=,@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
