package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A benchmark and how often it is run: {@code readrandom}, {@code readrandom[X3]}, {@code
 * readrandom[W1-X3]}.
 *
 * @param rounds runs that count
 * @param warmUps runs before them that do not
 */
public record BenchmarkCall(Benchmark benchmark, int rounds, int warmUps) implements Step {

  private static final Pattern CALL = Pattern.compile("([a-zA-Z0-9]+)(?:\\[([^\\]]*)\\])?");
  private static final Pattern REPEAT = Pattern.compile("([XW])([1-9][0-9]{0,3})");

  static BenchmarkCall parse(String text) {
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      throw bad(text);
    }
    int rounds = 1;
    int warmUps = 0;
    String repeats = call.group(2) == null ? "" : call.group(2);
    for (String repeat : repeats.isEmpty() ? new String[0] : repeats.split("-", -1)) {
      Matcher parts = REPEAT.matcher(repeat);
      if (!parts.matches()) {
        throw bad(text);
      }
      int count = Integer.parseInt(parts.group(2));
      rounds = parts.group(1).equals("X") ? count : rounds;
      warmUps = parts.group(1).equals("W") ? count : warmUps;
    }
    return new BenchmarkCall(Benchmark.named(call.group(1)), rounds, warmUps);
  }

  private static DwarfException bad(String text) {
    return DwarfException.invalid(
        "'" + text + "' in --benchmarks: expected a name, or NAME[X3], or NAME[W1-X3]");
  }
}
