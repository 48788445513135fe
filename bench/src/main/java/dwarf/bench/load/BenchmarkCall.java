package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A benchmark, how often it is run and what is different in this call: {@code readrandom}, {@code
 * readrandom[X3]}, {@code readrandom[W1-X3]}, {@code readrandom[W1-X3-threads=4]}.
 *
 * @param rounds runs that count
 * @param warmUps runs before them that do not
 * @param settings in place of what the flags say
 */
public record BenchmarkCall(
    Benchmark benchmark, int rounds, int warmUps, Map<Setting, Long> settings) implements Step {

  private static final Pattern CALL = Pattern.compile("([a-zA-Z0-9]+)(?:\\[([^\\]]*)\\])?");
  private static final Pattern REPEAT = Pattern.compile("([XW])([1-9][0-9]{0,3})");
  private static final Pattern SETTING = Pattern.compile("([a-z_]+)=([0-9]{1,18})");

  static BenchmarkCall parse(String text) {
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      throw bad(text);
    }
    int rounds = 1;
    int warmUps = 0;
    Map<Setting, Long> settings = new EnumMap<>(Setting.class);
    String parts = call.group(2) == null ? "" : call.group(2);
    for (String part : parts.isEmpty() ? new String[0] : parts.split("-", -1)) {
      Matcher repeat = REPEAT.matcher(part);
      if (repeat.matches()) {
        int count = Integer.parseInt(repeat.group(2));
        rounds = repeat.group(1).equals("X") ? count : rounds;
        warmUps = repeat.group(1).equals("W") ? count : warmUps;
      } else {
        set(text, part, settings);
      }
    }
    return new BenchmarkCall(Benchmark.named(call.group(1)), rounds, warmUps, settings);
  }

  private static void set(String text, String part, Map<Setting, Long> settings) {
    Matcher assignment = SETTING.matcher(part);
    if (!assignment.matches()) {
      throw bad(text);
    }
    Setting setting = Setting.named(assignment.group(1));
    long value = Long.parseLong(assignment.group(2));
    if (!setting.allows(value)) {
      throw DwarfException.invalid(
          part + " in '" + text + "' in --benchmarks: it must be " + setting.allowed());
    }
    settings.put(setting, value);
  }

  private static DwarfException bad(String text) {
    return DwarfException.invalid(
        "'"
            + text
            + "' in --benchmarks: expected a name, or NAME[X3], or NAME[W1-X3], or"
            + " NAME[W1-X3-threads=4]");
  }

  /** Tells it from other calls of the benchmark: {@code readrandom[threads=4]}. */
  public String name() {
    return settings.isEmpty()
        ? benchmark.text()
        : settings.entrySet().stream()
            .map(entry -> entry.getKey().text() + "=" + entry.getValue())
            .collect(Collectors.joining("-", benchmark.text() + "[", "]"));
  }
}
