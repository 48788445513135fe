package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A flag that one call of a benchmark may have a value of its own for: {@code
 * fillrandom[threads=4]}. db_bench has nothing like it. A JVM compiles what it runs often for the
 * first ten seconds or so of a process; who wants to see a benchmark with several numbers of
 * threads, or with the log and without, would otherwise wait for that every time.
 */
public enum Setting {
  THREADS(1, 1024),
  WRITES(0, Long.MAX_VALUE),
  BATCH_SIZE(1, 1_000_000),
  SEEK_NEXTS(0, Integer.MAX_VALUE),
  DISABLE_WAL(0, 1),
  WARMUP_SECONDS(0, Integer.MAX_VALUE);

  private final long least;
  private final long most;

  Setting(long least, long most) {
    this.least = least;
    this.most = most;
  }

  static Setting named(String name) {
    return Arrays.stream(values())
        .filter(setting -> setting.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                DwarfException.invalid(
                    "a benchmark has no setting of its own for '"
                        + name
                        + "'; only for "
                        + Arrays.stream(values())
                            .map(Setting::text)
                            .collect(Collectors.joining(", "))));
  }

  /** As the flag is spelled, without its dashes. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean allows(long value) {
    return value >= least && value <= most;
  }

  /** For people. */
  public String allowed() {
    return most >= Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
  }
}
