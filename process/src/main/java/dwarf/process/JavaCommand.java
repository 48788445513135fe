package dwarf.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run a class of this program in a Java process of its own. */
public final class JavaCommand {

  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xlog:disable",
          "-Xlog:all=warning:stderr");

  private static final String AOT_CACHE = "-XX:AOTCache=";

  private JavaCommand() {}

  /**
   * The same java, the same class and library path and AOT cache, {@code mainClass} with {@code
   * arguments}.
   */
  public static List<String> of(Class<?> mainClass, List<String> jvmFlags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(inherited(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass.getName());
    command.addAll(arguments);
    return command;
  }

  /** What children have in common with this process, of the flags that it was started with. */
  static List<String> inherited(List<String> own) {
    return own.stream().filter(flag -> flag.startsWith(AOT_CACHE)).toList();
  }
}
