package dwarf.base;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: {@code 4096}, {@code 64K}, {@code 512MiB}, {@code 1.5G}. K, M, G, T
 * and KiB, MiB, GiB, TiB count in 1024s (as in RocksDB and the JVM); KB, MB, GB, TB in 1000s.
 */
public final class ByteSize {

  private static final Pattern TEXT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([A-Za-z]*)");

  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("k", 1L << 10),
          Map.entry("kib", 1L << 10),
          Map.entry("kb", 1_000L),
          Map.entry("m", 1L << 20),
          Map.entry("mib", 1L << 20),
          Map.entry("mb", 1_000_000L),
          Map.entry("g", 1L << 30),
          Map.entry("gib", 1L << 30),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("t", 1L << 40),
          Map.entry("tib", 1L << 40),
          Map.entry("tb", 1_000_000_000_000L));

  private ByteSize() {}

  /** The number of bytes that {@code text} names; INVALID_ARGUMENT says what is wrong with it. */
  public static long parse(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw bad(text, "expected a number and a unit, like 512MiB, 2G or 65536");
    }
    Long unit = UNITS.get(parts.group(2).toLowerCase(Locale.ROOT));
    if (unit == null) {
      throw bad(text, "unknown unit '" + parts.group(2) + "'; use K, M, G, T, KiB ... or KB ...");
    }
    BigDecimal bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw bad(text, "more than 2^63 - 1 bytes");
    }
    if (bytes.stripTrailingZeros().scale() > 0) {
      throw bad(text, "not a whole number of bytes");
    }
    return bytes.longValueExact();
  }

  /** {@code bytes} with three or four significant digits, in 1024s. */
  public static String show(long bytes) {
    if (bytes < 0) {
      return "-" + show(bytes == Long.MIN_VALUE ? Long.MAX_VALUE : -bytes);
    }
    if (bytes < 1024) {
      return bytes + " B";
    }
    String[] names = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double scaled = bytes;
    int unit = -1;
    while (scaled >= 1024 && unit < names.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, scaled < 100 ? "%.1f %s" : "%.0f %s", scaled, names[unit]);
  }

  private static DwarfException bad(String text, String rule) {
    return DwarfException.invalid("size '" + text + "': " + rule);
  }
}
