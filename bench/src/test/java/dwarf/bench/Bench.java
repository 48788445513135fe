package dwarf.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dwarf.bench.flags.BenchFlags;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One call of bench within the test, as the launcher makes it. */
public record Bench(boolean fine, String out, String err) {

  /** What the launcher's command is. */
  @Command(name = "bench")
  static final class Host {
    @Mixin private BenchFlags flags;
  }

  public static BenchFlags flags(String... arguments) {
    Host host = new Host();
    new CommandLine(host).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return host.flags;
  }

  public static Bench run(String... arguments) {
    return runTold("", arguments);
  }

  /**
   * Runs it.
   *
   * @param input what is on its standard input
   */
  static Bench runTold(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    boolean fine =
        new BenchSession(
                flags(arguments),
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                false)
            .run();
    return new Bench(fine, out.toString(UTF_8), err.toString(UTF_8));
  }

  static Bench run(List<String> first, String... more) {
    return run(Stream.concat(first.stream(), Arrays.stream(more)).toArray(String[]::new));
  }
}
