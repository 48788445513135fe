package dwarf.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Command lines that run a class of this program in a Java process of its own.
 *
 * <p>A child starts from the AOT cache that this process was told of, if any ({@value
 * #CACHE_PROPERTY}), but for commands that measure an engine: those run as a program that embeds
 * it, which has no such cache.
 */
public final class JavaCommand {

  static final String CACHE_PROPERTY = "dwarf.aot_cache";

  private static final Set<String> MEASURING = Set.of("bench", "ycsb");

  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xlog:disable",
          "-Xlog:all=warning:stderr");

  private JavaCommand() {}

  /** The same java, the same class and library path, {@code mainClass} with {@code arguments}. */
  public static List<String> of(Class<?> mainClass, List<String> jvmFlags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(cacheFlags(System.getProperty(CACHE_PROPERTY), arguments));
    command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass.getName());
    command.addAll(arguments);
    return command;
  }

  static List<String> cacheFlags(String cache, List<String> arguments) {
    boolean measures = !arguments.isEmpty() && MEASURING.contains(arguments.getFirst());
    return cache == null || measures ? List.of() : List.of("-XX:AOTCache=" + cache);
  }
}
